import { createSignal, onCleanup } from 'solid-js'
import workletUrl from '../../workers/recording/microphone.worklet.ts?worker&url'
import type { SoundFeed } from '../../workers/recording/recorder-api'
import { type ProblemName, problem } from '../words/errors'

/** An open microphone: the light of the system is on until it is disposed. */
export interface OpenMicrophone extends Disposable {
  readonly track: MediaStreamTrack
  readonly label: string
}

/**
 * As it is: echo needs no cancelling where nothing is played, and suppressing noise colours a voice. The level is kept even,
 * because the microphones of laptops are quiet otherwise.
 */
const AS_IT_IS: MediaTrackConstraints = {
  echoCancellation: false,
  noiseSuppression: false,
  autoGainControl: true,
}

/** Rejects with a MicrophoneBlockedError, NoMicrophoneError or MicrophoneBusyError. */
export async function openMicrophone(deviceId: string): Promise<OpenMicrophone> {
  if (!window.isSecureContext || !navigator.mediaDevices) throw problem('InsecureOriginError')
  const ask = (device: MediaTrackConstraints) =>
    navigator.mediaDevices.getUserMedia({ audio: { ...AS_IT_IS, ...device } })
  try {
    const stream = await ask(deviceId ? { deviceId: { exact: deviceId } } : {}).catch((error) => {
      // The remembered device was unplugged, or is another machine's: any microphone is better than none.
      if (deviceId && nameOf(error) === 'NoMicrophoneError') return ask({})
      throw error
    })
    const track = stream.getAudioTracks()[0]
    if (!track) throw problem('NoMicrophoneError')
    return { track, label: track.label, [Symbol.dispose]: () => track.stop() }
  } catch (error) {
    throw problem(nameOf(error), error instanceof Error ? error.message : '')
  }
}

/** The browser's names say 'camera' elsewhere. */
function nameOf(error: unknown): ProblemName {
  const name = error instanceof Error || error instanceof DOMException ? error.name : ''
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'MicrophoneBlockedError'
  const isGone = ['NotFoundError', 'OverconstrainedError', 'NoMicrophoneError'].includes(name)
  return isGone ? 'NoMicrophoneError' : 'MicrophoneBusyError'
}

/** The microphones there are; their names are known once one was allowed. */
export function createMicrophones() {
  const [devices, setDevices] = createSignal<readonly { readonly id: string; readonly label: string }[]>([])
  const list = async () => {
    const all = (await navigator.mediaDevices?.enumerateDevices().catch(() => [])) ?? []
    // 'default' and 'communications' stand for others in the list.
    const real = all.filter(
      ({ kind, deviceId }) => kind === 'audioinput' && !/^(|default|communications)$/.test(deviceId),
    )
    setDevices(
      real.map(({ deviceId, label }, i) => ({ id: deviceId, label: label || `Microphone ${i + 1}` })),
    )
  }
  void list()
  navigator.mediaDevices?.addEventListener('devicechange', list)
  onCleanup(() => navigator.mediaDevices?.removeEventListener('devicechange', list))
  return { devices, list }
}

/** What a microphone hears, for the recorder. Dispose it when that has ended; the microphone stays. */
export interface OpenSound extends Disposable {
  /** To be transferred, `pieces` that is. */
  readonly feed: SoundFeed
}

export async function soundOf({ track }: OpenMicrophone): Promise<OpenSound> {
  const { sampleRate = 48_000, channelCount = 1 } = track.getSettings()
  const channels = Math.min(2, channelCount)
  if (window.MediaStreamTrackProcessor) {
    const { readable } = new window.MediaStreamTrackProcessor({ track, maxBufferSize: 50 })
    // Of a track of sound it is a stream of sound.
    const pieces = readable as ReadableStream<unknown> as ReadableStream<AudioData>
    return { feed: { pieces, sampleRate, channels }, [Symbol.dispose]: () => undefined }
  }
  const context = new AudioContext()
  const close = () => void context.close().catch(() => undefined)
  try {
    await context.audioWorklet.addModule(workletUrl)
    await context.resume()
    const source = new MediaStreamAudioSourceNode(context, { mediaStream: new MediaStream([track]) })
    const node = new AudioWorkletNode(context, 'microphone', { numberOfOutputs: 0 })
    source.connect(node)
    const { port1, port2 } = new MessageChannel()
    node.port.postMessage(port1, [port1])
    return { feed: { pieces: port2, sampleRate: context.sampleRate, channels }, [Symbol.dispose]: close }
  } catch (error) {
    close()
    throw error
  }
}
