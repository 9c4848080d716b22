/** What nodes that save leave behind: the files, and how history names them. */
import { type BoxFiles, type Content, kept, madeUpVideo } from './box-files'
import type { NodeTable } from './node-info'
import type { RawGraph } from './prompt-problems'

export interface Saving {
  readonly files: BoxFiles
  readonly nodes: NodeTable
  readonly pictures: Pictures
  /** How long videos are, where they are made up; undefined: the first video that was loaded is handed back. */
  readonly videoBytes: number | undefined
}

/** What is delivered where a graph loads nothing of the kind. */
export interface Pictures {
  readonly preview: Uint8Array // JPEG
  readonly image: Uint8Array // PNG
  readonly video: Uint8Array | undefined
}

/** Runs what remains of a node: reads what it loads, saves what it saves. Throws with the box's own words. */
export function saveOutput(graph: RawGraph, id: string, parts: Saving): Record<string, unknown> | undefined {
  const { class_type: classType = '', inputs = {} } = graph[id] ?? {}
  if (classType === 'GetVideoComponents' || classType === 'VHS_LoadVideo') readVideo(graph, id, parts)
  if (!parts.nodes.get(classType)?.isOutput) return undefined
  if (classType === 'PreviewAny') return { text: ['<object>'] }

  const prefix = typeof inputs.filename_prefix === 'string' ? inputs.filename_prefix : 'ComfyUI'
  if (prefix.split('/').includes('..') || prefix.startsWith('/')) {
    // 19_video_subfolder: refused when it runs, not before.
    throw new Error(
      '**** ERROR: Saving image outside the output folder is not allowed.\n full_output_folder: /srv\n         output_dir: /srv/ComfyUI/output',
    )
  }
  if (/VideoCombine$/.test(classType)) return saveCombined(graph, id, prefix, parts)
  if (/^SaveAudio/.test(classType)) return { audio: [save('.flac', kept(Buffer.from('fLaC')))] }
  const movies = { SaveVideo: '_.mp4', SaveWEBM: '_.webm', SaveAnimatedWEBP: '_.webp' }
  const movie =
    Object.entries(movies).find(([name]) => name === classType)?.[1] ??
    (/Video/.test(classType) ? '_.mp4' : undefined)
  if (movie) return { images: [save(movie, videoFor(graph, id, parts))], animated: [true] }
  if (/^Preview/.test(classType)) {
    const file = parts.files.next('temp', 'ComfyUI_temp_stand', '_.png')
    parts.files.put(file, imageFor(graph, id, parts))
    return { images: [file] }
  }
  return { images: [save('_.png', imageFor(graph, id, parts))] }

  function save(end: string, content: Content) {
    const file = parts.files.next('output', prefix, end)
    parts.files.put(file, content)
    return file
  }
}

/** 18_vhs: a key of its own, more about the file, sound as `-audio`, and `save_output: false` puts it into temp. */
function saveCombined(graph: RawGraph, id: string, prefix: string, parts: Saving) {
  const inputs = graph[id]?.inputs ?? {}
  const format = String(inputs.format)
  const extension = format.startsWith('image/')
    ? format.slice('image/'.length)
    : format.includes('webm')
      ? 'webm'
      : 'mp4'
  const type = inputs.save_output === false ? 'temp' : 'output'
  const hasSound = Array.isArray(inputs.audio) && !format.startsWith('image/')
  const picture = parts.files.next(type, prefix, '.png')
  const stem = picture.filename.replace(/\.png$/, '')
  const file = { ...picture, filename: `${stem}${hasSound ? '-audio' : ''}.${extension}` }
  parts.files.put(picture, kept(parts.pictures.image))
  parts.files.put(file, videoFor(graph, id, parts))
  const fullpath = `/srv/ComfyUI/${type}/${file.subfolder ? `${file.subfolder}/` : ''}${file.filename}`
  return {
    gifs: [{ ...file, format, frame_rate: Number(inputs.frame_rate), workflow: picture.filename, fullpath }],
  }
}

/** 05_exec_error: bytes that are no video pass validation and fail here. */
function readVideo(graph: RawGraph, id: string, { files }: Saving): void {
  for (const { value, content } of loaded(graph, id, files)) {
    const head = Buffer.concat([...content.read(0, Math.min(16, content.bytes))])
    const isVideo =
      head.toString('latin1', 4, 8) === 'ftyp' ||
      head.readUIntBE(0, Math.min(4, head.length)) === 0x1a45dfa3 ||
      /^(RIFF|GIF8|\x89PNG|OggS)/.test(head.toString('latin1'))
    if (isVideo || !/\.(mp4|mov|webm|mkv|avi|gif)$/i.test(value)) continue
    throw new Error(
      `[Errno 1094995529] Invalid data found when processing input: '/srv/ComfyUI/input/${value}'`,
    )
  }
}

function videoFor(graph: RawGraph, id: string, parts: Saving): Content {
  if (parts.videoBytes !== undefined) return madeUpVideo(parts.videoBytes)
  const source = loaded(graph, id, parts.files).find(({ value }) =>
    /\.(mp4|mov|webm|mkv|gif)( \[|$)/i.test(value),
  )
  return source?.content ?? (parts.pictures.video ? kept(parts.pictures.video) : madeUpVideo(4096))
}

function imageFor(graph: RawGraph, id: string, parts: Saving): Content {
  const source = loaded(graph, id, parts.files).find(({ value }) => /\.(png|jpe?g|webp)( \[|$)/i.test(value))
  return source?.content ?? kept(parts.pictures.image)
}

/** Files that nodes on the way to this one load, the nearest first. */
function loaded(graph: RawGraph, id: string, files: BoxFiles): { value: string; content: Content }[] {
  const found: { value: string; content: Content }[] = []
  const seen = new Set([id])
  for (const node of seen) {
    for (const value of Object.values(graph[node]?.inputs ?? {})) {
      if (Array.isArray(value) && graph[value[0]]) seen.add(String(value[0]))
      const content = typeof value === 'string' ? files.named(value) : undefined
      if (content && typeof value === 'string') found.push({ value, content })
    }
  }
  return found
}
