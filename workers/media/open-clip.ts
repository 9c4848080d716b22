import { ALL_FORMATS, BlobSource, Input, type InputVideoTrack } from 'mediabunny'
import { isAbort, namedError } from '../rpc/named-error'
import type { ClipInfo } from './clip-info'
import type { ClipReader } from './clip-reader'
import { audioCodecName, videoCodecName } from './codec-names'
import { type ConvertedPlace, keptPlace, temporaryPlace } from './converted'
import { convert } from './ffmpeg'
import { type MovieBoxes, readMovieBoxes } from './isobmff'
import { mendMatroska } from './mend-matroska'
import { readSchedule, type Schedule } from './schedule'
import { CONTAINER_NAMES, type Container, isReadByFfmpeg, PICTURES, sniff } from './sniff'
import { TrackReader } from './track-reader'
import { type Appearance, appearanceOf } from './upright'

export interface OpenOptions {
  /** 0..1, called only while ffmpeg has to convert the file. */
  readonly onProgress: (done: number) => void
  readonly signal: AbortSignal
  /** Hears of LargeConversionWarning before a conversion that takes long. */
  readonly onWarning?: (name: string) => void
  /** Where a converted clip is kept, and found again; without it, it goes with the reader. */
  readonly ffmpegFolder?: FileSystemDirectoryHandle
}

/** From here on a conversion takes minutes. */
const LARGE_BYTES = 200 * 1024 * 1024

/**
 * Opens a clip by what it is; its `name` is only a hint. Rejects with a named Error that words/errors.ts has sentences
 * for. What the browser cannot read is converted first.
 */
export async function openClip(file: Blob, name: string, options: OpenOptions): Promise<ClipReader> {
  const { signal } = options
  const container = await sniff(file)
  refuse(container, name)
  if (!isReadByFfmpeg(container)) {
    const source = await inspect(file, container)
    const reader = source && (await openTracks(source, signal))
    if (reader) return reader
  }
  return openConverted(file, container, options)
}

function refuse(container: Container, name: string): void {
  if (container === 'empty') throw namedError('EmptyFileError', 'The file has no bytes.')
  if (PICTURES.has(container)) throw namedError('NotAVideoError', `The file is a picture (${container}).`)
  if (container === 'audio') throw namedError('NoVideoTrackError', 'The file holds sound only.')
  const isPerhaps = /\.(3gp|dv|f4v|ivf|m2v|mts|mxf|nut|ogm|rm|rmvb|vob|wtv)$/i.test(name)
  if (container === 'unknown' && !isPerhaps)
    throw namedError('NotAVideoError', 'The file is of no known kind.')
}

/** A file that mediabunny may read. */
interface Source {
  readonly blob: Blob
  readonly container: Container
  readonly boxes: MovieBoxes | undefined
  readonly isTruncated: boolean
}

/** Looks at the boxes and elements. undefined: only ffmpeg can make one clip of its pieces. */
async function inspect(file: Blob, container: Container): Promise<Source | undefined> {
  if (container === 'mp4' || container === 'mov') {
    const boxes = await readMovieBoxes(file)
    if (!boxes.hasIndex) throw namedError('UnfinishedFileError', 'The file has no moov box.')
    const isEncrypted = boxes.tracks.some((track) => track.isEncrypted)
    if (isEncrypted) throw namedError('EncryptedVideoError', 'The samples are encrypted.')
    return { blob: file, container, boxes, isTruncated: boxes.isTruncated }
  }
  if (container === 'webm' || container === 'mkv') {
    const mended = await mendMatroska(file)
    return { blob: mended ?? file, container, boxes: undefined, isTruncated: mended !== undefined }
  }
  return { blob: file, container, boxes: undefined, isTruncated: false }
}

/** undefined where mediabunny or the browser's decoders cannot. */
async function openTracks(source: Source, signal: AbortSignal): Promise<TrackReader | undefined> {
  const input = new Input({ source: new BlobSource(source.blob), formats: ALL_FORMATS })
  try {
    const reader = await tracksOf(input, source, signal)
    if (!reader) input.dispose()
    return reader
  } catch (error) {
    input.dispose()
    throw error
  }
}

async function tracksOf(input: Input, source: Source, signal: AbortSignal): Promise<TrackReader | undefined> {
  if (!(await input.canRead())) return undefined
  const video = await input.getPrimaryVideoTrack()
  const audio = (await input.getPrimaryAudioTrack()) ?? undefined
  if (!video) {
    // Of transport streams mediabunny passes over what it does not know, and of old QuickTime files over everything.
    if (!audio || source.container === 'mpeg-ts') return undefined
    throw namedError('NoVideoTrackError', 'The file holds no video.')
  }
  const boxes = source.boxes?.tracks.find(({ id }) => id === video.id)
  if (boxes?.isCutTogether || !(await video.canDecode())) return undefined

  const endS = boxes?.endS ?? Number.POSITIVE_INFINITY
  const schedule = await readSchedule(video, { endS, isTruncated: source.isTruncated }, signal)
  if (schedule.length === 0) throw noFrames(source.isTruncated)
  const appearance = await appearanceOf(video)
  const tracks = (await input.getTracks()).length
  const info: ClipInfo = {
    container: CONTAINER_NAMES[source.container],
    bytes: source.blob.size,
    fromS: schedule.at(0).timeS,
    toS: schedule.toS,
    video: await describeVideo(video, appearance, schedule),
    audio: audio && {
      codec: audioCodecName((await audio.getCodec()) ?? 'aac'),
      channels: await audio.getNumberOfChannels(),
      sampleRate: await audio.getSampleRate(),
      toS: source.boxes?.tracks.find(({ id }) => id === audio.id)?.endS ?? Number.POSITIVE_INFINITY,
    },
    converted: false,
    warnings: [
      ...(source.isTruncated ? ['TruncatedFileWarning'] : []),
      ...(tracks > (audio ? 2 : 1) ? ['ExtraTracksWarning'] : []),
    ],
  }
  const release = () => undefined
  const reader = new TrackReader({
    info,
    file: source.blob,
    input,
    video,
    audio,
    schedule,
    appearance,
    release,
  })
  return (await canDecodeFirst(reader, signal)) ? reader : undefined
}

const noFrames = (isTruncated: boolean): Error =>
  isTruncated
    ? namedError('UnfinishedFileError', 'The file broke off before its first frame.')
    : namedError('NoVideoTrackError', 'The video track has no frames.')

async function describeVideo(
  video: InputVideoTrack,
  { width, height, hdr }: Appearance,
  schedule: Schedule,
): Promise<ClipInfo['video']> {
  const codec = await video.getCodec()
  const shownS = schedule.at(schedule.length - 1).timeS - schedule.at(0).timeS
  const fps = shownS > 0 ? (schedule.length - 1) / shownS : 1 / schedule.at(0).durationS
  return { codec: codec ? videoCodecName(codec) : 'unknown', width, height, fps, hdr }
}

/** Browsers promise profiles that they then do not decode. */
async function canDecodeFirst(reader: TrackReader, signal: AbortSignal): Promise<boolean> {
  try {
    const { frame } = await reader.frameAt(reader.info.fromS, signal)
    frame.close()
    return true
  } catch (error) {
    if (isAbort(error)) throw error
    return false
  }
}

async function openConverted(
  file: Blob,
  container: Container,
  { onProgress, onWarning, signal, ffmpegFolder }: OpenOptions,
): Promise<ClipReader> {
  const place = await (ffmpegFolder ? keptPlace(ffmpegFolder) : temporaryPlace())
  try {
    if (!place.isFinished) {
      if (file.size > LARGE_BYTES) onWarning?.('LargeConversionWarning')
      await convert(file, place.handle, onProgress, signal)
      await place.finish()
    }
    return await readConverted(file, container, place, signal)
  } catch (error) {
    place.release()
    throw error
  }
}

async function readConverted(
  file: Blob,
  container: Container,
  place: ConvertedPlace,
  signal: AbortSignal,
): Promise<ClipReader> {
  const blob = await place.handle.getFile()
  const source = { blob, container: 'mp4', boxes: undefined, isTruncated: false } as const
  const reader = await openTracks(source, signal)
  if (!reader) throw namedError('VideoUndecodableError', 'The converted clip cannot be decoded either.')
  const info = { ...reader.info, container: CONTAINER_NAMES[container], bytes: file.size, converted: true }
  return reader.as(info, place.release)
}
