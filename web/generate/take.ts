import { problem } from '../words/errors'

/** A recorded take. Whoever has it revokes the URL. */
export interface Take {
  readonly file: File
  readonly url: string
  readonly durationS: number
}

const TYPES = ['video/mp4;codecs=avc1.42E01F', 'video/webm;codecs=vp9', 'video/webm;codecs=vp8', 'video/webm']
const BITS_PER_SECOND = 8_000_000

/** Records a track until `stop`. The track stays with whoever opened it. Throws a `TakeFailedError` where the browser cannot. */
export function recordTrack(track: MediaStreamTrack) {
  const mimeType = TYPES.find((type) => window.MediaRecorder?.isTypeSupported(type))
  if (!mimeType) throw problem('TakeFailedError')
  const recorder = new MediaRecorder(new MediaStream([track]), {
    mimeType,
    videoBitsPerSecond: BITS_PER_SECOND,
  })
  const parts: Blob[] = []
  const beganMs = performance.now()
  let isAbandoned = false
  const finished = new Promise<Take>((resolve, reject) => {
    recorder.ondataavailable = ({ data }) => parts.push(data)
    recorder.onerror = () => reject(problem('TakeFailedError'))
    recorder.onstop = () => {
      if (isAbandoned) return
      const type = mimeType.split(';')[0] ?? mimeType
      const name = `Take ${new Date().toLocaleString('sv').slice(0, 16).replace(':', '.')}.${type.split('/')[1]}`
      const file = new File(parts, name, { type })
      if (file.size === 0) return reject(problem('TakeFailedError'))
      resolve({ file, url: URL.createObjectURL(file), durationS: (performance.now() - beganMs) / 1000 })
    }
  })
  recorder.start(1000)
  const stop = () => {
    if (recorder.state !== 'inactive') recorder.stop()
  }
  return {
    finished,
    stop,
    abandon: () => {
      isAbandoned = true
      stop()
    },
  }
}
