/** How each clip fixture comes about. A recipe may build on another one's file; those come first. */

export type ClipName =
  | 'mp4'
  | 'bframes'
  | 'slow'
  | 'vfr'
  | 'sideways'
  | 'rotated'
  | 'mov'
  | 'webm'
  | 'vp8'
  | 'mkv'
  | 'ac3'
  | 'fragmented'
  | 'transport'
  | 'midStream'
  | 'broadcast'
  | 'alpha'
  | 'untagged'
  | 'tagged'
  | 'mpeg'
  | 'avi'
  | 'aviReordered'
  | 'interlaced'
  | 'flv'
  | 'wmv'
  | 'theora'
  | 'prores'
  | 'hevc'
  | 'silent'
  | 'longAudio'
  | 'offset'
  | 'late'
  | 'endCut'
  | 'cutTogether'
  | 'anamorphic'
  | 'twoTracks'
  | 'pq'
  | 'hlg'
  | 'hevcPq'
  | 'encrypted'
  | 'audioOnly'
  | 'truncated'
  | 'truncatedWebm'
  | 'truncatedFragments'
  | 'headless'
  | 'damaged'
  | 'notVideo'
  | 'empty'

interface Common {
  readonly key: string
  readonly extension: string
  /** The fixture it is made of; the talking head (Y4M) without. */
  readonly from?: ClipName
  /** The number in the first frame that is shown, 0 unless told. */
  readonly first?: number
  /**
   * Whose frames are the truth: this file's own (unless told), those of its source, none, or 1/30 s each because the
   * container keeps no times of its own.
   */
  readonly shown?: 'file' | 'source' | 'nothing' | 'numbered'
  readonly passes?: 2
}
export type Recipe = Common &
  (
    | { readonly ffmpeg: (from: string) => readonly string[]; readonly make?: undefined }
    | { readonly make: (from: Buffer) => Uint8Array; readonly ffmpeg?: undefined }
  )

type Rest = Omit<Common, 'key' | 'extension'>

/** `options` may hold INPUT, where the source's path belongs. */
const INPUT = '<input>'
const encode = (extension: string, options: string, rest: Rest = {}): Recipe => ({
  ...rest,
  extension,
  key: `${extension} ${options} ${JSON.stringify(rest)}`,
  ffmpeg: (from) => options.split(' ').map((option) => (option === INPUT ? from : option)),
})
const cut = (
  extension: string,
  from: ClipName,
  make: (from: Buffer) => Uint8Array,
  rest: Rest = {},
): Recipe => ({
  ...rest,
  extension,
  from,
  key: `${extension} ${from} ${make} ${JSON.stringify(rest)}`,
  make,
})

const NTSC = `-r 30000/1001 -i ${INPUT}`
// A beep every second marks where the sound is.
const beeps = (seconds: number) =>
  `-f lavfi -i sine=frequency=330:beep_factor=4:sample_rate=48000:duration=${seconds}`
const SOUND = beeps(2.5)
const BT709 = 'scale=in_color_matrix=bt601:in_range=tv:out_color_matrix=bt709:out_range=tv'
const TAGS = '-color_primaries bt709 -color_trc bt709 -colorspace bt709 -color_range tv'
const H264 = `-vf ${BT709},format=yuv420p ${TAGS} -c:v libx264 -preset veryfast -crf 20 -g 30`
const AAC = '-c:a aac -b:a 96k -ac 2'
const OPUS = '-c:a libopus -b:a 64k -ac 2'
const hdr = (transfer: string) =>
  `-vf ${BT709},format=yuv420p,setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709,zscale=t=linear:npl=203,format=gbrpf32le,zscale=p=bt2020:t=${transfer}:m=bt2020nc:r=tv:npl=203,format=yuv420p10le` +
  ` -color_primaries bt2020 -color_trc ${transfer} -colorspace bt2020nc -color_range tv`
const VP9 = '-c:v libvpx-vp9 -deadline realtime -cpu-used 6 -g 40 -b:v 1M'

export const RECIPES: Readonly<Record<ClipName, Recipe>> = {
  mp4: encode('.mp4', `${NTSC} ${SOUND} ${H264} -bf 2 ${AAC} -movflags +faststart`),
  bframes: encode(
    '.mp4',
    `-i ${INPUT} ${H264} -bf 3 -x264-params b-pyramid=normal:open-gop=1:b-adapt=0 -video_track_timescale 90000`,
  ),
  // 15 s of few frames: long enough for several segments of a job, and yet quickly swapped.
  slow: encode('.mp4', `-r 5 -i ${INPUT} ${beeps(15)} ${H264} -bf 2 ${AAC}`),
  vfr: encode(
    '.mp4',
    `-i ${INPUT} ${SOUND} -vf ${BT709},format=yuv420p,settb=1/90000,setpts=(N+0.45*mod(N\\,3)+floor(N/20))/30/TB ${TAGS} -fps_mode passthrough -enc_time_base 1/90000 -c:v libx264 -preset veryfast -crf 20 -g 30 -bf 2 ${AAC} -video_track_timescale 90000`,
  ),
  sideways: encode(
    '.mp4',
    `${NTSC} ${SOUND} -vf ${BT709},transpose=cclock,format=yuv420p ${TAGS} -c:v libx264 -preset veryfast -crf 20 -g 30 ${AAC}`,
  ),
  rotated: cut('.mp4', 'sideways', turnClockwise, { shown: 'source' }),
  mov: encode('.mov', `${NTSC} ${SOUND} ${H264} -c:a pcm_s16le`),
  webm: encode('.webm', `${NTSC} ${SOUND} -vf ${BT709},format=yuv420p ${TAGS} ${VP9} ${OPUS}`),
  // In two passes, because only then libvpx makes the hidden pictures that this is about.
  vp8: encode(
    '.webm',
    `-i ${INPUT} -vf ${BT709},format=yuv420p -c:v libvpx -deadline good -cpu-used 1 -b:v 300k -g 200 -auto-alt-ref 1 -lag-in-frames 25`,
    { passes: 2 },
  ),
  mkv: encode('.mkv', `${NTSC} ${SOUND} ${H264} -bf 2 -c:a flac`),
  ac3: encode('.mkv', `${NTSC} ${SOUND} ${H264} -c:a ac3`),
  fragmented: encode('.mp4', `-i ${INPUT} -c copy -movflags frag_keyframe+empty_moov+default_base_moof`, {
    from: 'mp4',
  }),
  transport: encode('.m2ts', `-i ${INPUT} -c copy -f mpegts`, { from: 'mp4' }),
  // As a recorder that was switched on late: no key frame for the first moments.
  midStream: cut('.m2ts', 'transport', (file) => file.subarray(192 * 130), { first: 30 }),
  broadcast: encode(
    '.m2ts',
    `-i ${INPUT} ${SOUND} -vf ${BT709},format=yuv420p -c:v mpeg2video -q:v 3 -g 12 -bf 2 -c:a mp2 -f mpegts`,
  ),
  alpha: encode(
    '.webm',
    `-i ${INPUT} -vf ${BT709},format=yuva420p ${TAGS} ${VP9} -auto-alt-ref 0 -pix_fmt yuva420p`,
  ),
  // Its colours are BT.601, and nothing says so.
  untagged: encode('.mp4', `-i ${INPUT} -c:v libx264 -preset veryfast -crf 20 -pix_fmt yuv420p`),
  tagged: encode(
    '.mp4',
    `-i ${INPUT} -c copy -bsf:v h264_metadata=colour_primaries=6:transfer_characteristics=6:matrix_coefficients=6:video_full_range_flag=0`,
    { from: 'untagged' },
  ),
  mpeg: encode(
    '.mpg',
    `${NTSC} ${SOUND} -vf ${BT709},format=yuv420p -c:v mpeg2video -q:v 3 -g 12 -bf 2 -c:a mp2`,
  ),
  avi: encode('.avi', `-i ${INPUT} ${SOUND} -vf ${BT709},format=yuv420p -c:v mpeg4 -q:v 3 -c:a libmp3lame`),
  aviReordered: encode('.avi', `-i ${INPUT} -vf ${BT709},format=yuv420p -c:v mpeg4 -q:v 3 -bf 2 -g 30`, {
    shown: 'numbered',
  }),
  interlaced: encode(
    '.mpg',
    `-i ${INPUT} -vf ${BT709},format=yuv420p,setfield=tff -c:v mpeg2video -q:v 3 -g 12 -flags +ildct+ilme`,
  ),
  flv: encode(
    '.flv',
    `-i ${INPUT} ${SOUND} -vf ${BT709},format=yuv420p -c:v flv -q:v 3 -c:a libmp3lame -ar 44100`,
  ),
  wmv: encode('.wmv', `-i ${INPUT} ${SOUND} -vf ${BT709},format=yuv420p -c:v wmv2 -q:v 3 -c:a wmav2`),
  theora: encode(
    '.ogv',
    `-i ${INPUT} ${SOUND} -vf ${BT709},format=yuv420p -c:v libtheora -q:v 7 -c:a libvorbis`,
  ),
  prores: encode(
    '.mov',
    `-i ${INPUT} -vf ${BT709} -t 0.5 ${TAGS} -c:v prores_ks -profile:v 1 -pix_fmt yuv422p10le`,
  ),
  hevc: encode(
    '.mp4',
    `-i ${INPUT} ${SOUND} -vf ${BT709},format=yuv420p ${TAGS} -c:v libx265 -preset ultrafast -x265-params log-level=none -tag:v hvc1 ${AAC}`,
  ),
  silent: encode('.mp4', `-i ${INPUT} -c copy -an`, { from: 'mp4' }),
  longAudio: encode('.mp4', `${NTSC} ${beeps(4)} ${H264} ${AAC}`),
  offset: encode('.mp4', `-ss 0.7 -i ${INPUT} -c copy`, { from: 'mp4', first: 21 }),
  late: encode('.mp4', `-i ${INPUT} -itsoffset 0.5 -i ${INPUT} -map 1:v -map 0:a -c copy`, { from: 'mp4' }),
  endCut: cut('.mp4', 'mp4', endEditAt(1500)),
  cutTogether: cut('.mp4', 'longAudio', cutTogether, { shown: 'file' }),
  anamorphic: encode(
    '.mp4',
    `-i ${INPUT} -vf ${BT709},scale=240:240,setsar=4/3,format=yuv420p ${TAGS} -c:v libx264 -preset veryfast -crf 18`,
  ),
  twoTracks: encode('.mkv', `-i ${INPUT} -i ${INPUT} -map 0:v -map 0:a -map 1:a -c copy`, { from: 'mp4' }),
  pq: encode('.webm', `-i ${INPUT} ${hdr('smpte2084')} ${VP9} -profile:v 2`),
  hlg: encode('.mp4', `-i ${INPUT} ${hdr('arib-std-b67')} -c:v libsvtav1 -preset 10 -crf 8 -g 40`),
  hevcPq: encode(
    '.mp4',
    `-i ${INPUT} ${hdr('smpte2084')} -c:v libx265 -preset ultrafast -crf 16 -x265-params log-level=none -tag:v hvc1`,
  ),
  encrypted: encode(
    '.mp4',
    `-i ${INPUT} -c copy -encryption_scheme cenc-aes-ctr -encryption_key 76a6c65c5ea762046bd749a2e632ccbb -encryption_kid a7e61c373e219033c21091fa607bf3b8`,
    { from: 'mp4', shown: 'nothing' },
  ),
  audioOnly: encode('.mp4', `${SOUND} ${AAC}`, { shown: 'nothing' }),
  truncated: cut('.mp4', 'mp4', (file) => file.subarray(0, Math.round(file.length * 0.6))),
  truncatedWebm: cut('.webm', 'webm', (file) => file.subarray(0, Math.round(file.length * 0.6))),
  truncatedFragments: cut('.mp4', 'fragmented', (file) => file.subarray(0, Math.round(file.length * 0.6))),
  headless: cut('.mp4', 'longAudio', (file) => file.subarray(0, Math.round(file.length * 0.6)), {
    shown: 'nothing',
  }),
  damaged: cut(
    '.mp4',
    'mp4',
    (file) => {
      const broken = Buffer.from(file)
      for (let i = 0; i < 4000; i++) broken[Math.round(file.length * 0.55) + i] = (i * 197) & 0xff
      return broken
    },
    { shown: 'source' },
  ),
  notVideo: cut('.mp4', 'mp4', () => Buffer.from('This is a letter and no video.\n'.repeat(40)), {
    shown: 'nothing',
  }),
  empty: cut('.mp4', 'mp4', () => Buffer.alloc(0), { shown: 'nothing' }),
}

/** Lets every track's edit list end early, as a phone's own trimming does: ticks of the movie's clock (1000 a second). */
function endEditAt(ticks: number): (file: Buffer) => Uint8Array {
  const make = (file: Buffer): Uint8Array => {
    const shorter = Buffer.from(file)
    // What follows each name: version and flags, number of entries, duration of the first.
    for (let at = boxAt(file, 'elst'); at >= 0; at = file.indexOf('elst', at + 4))
      shorter.writeUInt32BE(ticks, at + 12)
    return shorter
  }
  make.toString = () => `endEditAt ${ticks}`
  return make
}

/** Says in the first track's header that it is to be shown turned by 90° clockwise, as phones do. */
function turnClockwise(file: Buffer): Uint8Array {
  const turned = Buffer.from(file)
  const matrix = boxAt(file, 'tkhd') + 44
  const one = 1 << 16 // the third column counts in 2^-30
  const values = [0, one, 0, -one, 0, 0, 240 * one, 0, 1 << 30]
  for (const [i, value] of values.entries()) turned.writeInt32BE(value, matrix + 4 * i)
  return turned
}

/** Two pieces of the first track, one after the other: its first second, and half a second from two thirds on. */
function cutTogether(file: Buffer): Uint8Array {
  const list = boxAt(file, 'elst')
  const start = file.readInt32BE(list + 16)
  const entry = Buffer.alloc(12)
  entry.writeUInt32BE(500, 0)
  entry.writeInt32BE(start + 20 * 1001, 4) // ticks of the track: 30000 a second
  entry.writeInt32BE(1 << 16, 8)
  const longer = Buffer.concat([file.subarray(0, list + 24), entry, file.subarray(list + 24)])
  longer.writeUInt32BE(2, list + 8)
  longer.writeUInt32BE(1000, list + 12)
  // The index is at the file's end, so nothing moves that it points to: only the boxes around grow.
  for (const type of ['elst', 'edts', 'trak', 'moov']) {
    const at = boxAt(file, type) - 4
    longer.writeUInt32BE(file.readUInt32BE(at) + entry.length, at)
  }
  return longer
}

/** Where the name of the first box of this type is. */
function boxAt(file: Buffer, type: string): number {
  const at = file.indexOf(type)
  if (at < 0) throw new Error(`There is no ${type} box.`)
  return at
}
