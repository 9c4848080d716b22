import { createEffect, createSignal, onCleanup } from 'solid-js'
import type { OutputEvent } from '../../edge-server/routes/output'
import type { SettingsStore } from '../settings/settings'
import type { OutputStream } from './output-stream'
import { candidateTo, takeSeat } from './signalling'

/** Enough for a clean 1080p picture on the same machine or network. */
const MAX_BITRATE = 20_000_000 // bits per second

interface Viewer {
  readonly connection: RTCPeerConnection
  readonly unwatch: () => void
}

/** Sends the picture to output pages in other programs, such as a browser source in OBS, while that is switched on. */
export function createOutputLink({ stream, watch }: OutputStream, { settings, change }: SettingsStore) {
  const [viewerCount, setViewerCount] = createSignal(0)

  createEffect(() => {
    const { isOutputShared, outputRoom } = settings
    if (!isOutputShared || !outputRoom) return
    const viewers = new Map<string, Viewer>()
    const count = () => setViewerCount(viewers.size)

    const leave = (name: string) => {
      const viewer = viewers.get(name)
      viewers.delete(name)
      viewer?.connection.close()
      viewer?.unwatch()
      count()
    }

    const invite = async (name: string) => {
      leave(name)
      const connection = new RTCPeerConnection()
      viewers.set(name, { connection, unwatch: watch() })
      count()
      connection.onicecandidate = ({ candidate }) => candidate && void seat.send(candidateTo(name, candidate))
      connection.onconnectionstatechange = () => connection.connectionState === 'failed' && leave(name)
      const sender = connection.addTransceiver(stream.getVideoTracks()[0] ?? 'video', {
        direction: 'sendonly',
        sendEncodings: [{ maxBitrate: MAX_BITRATE }],
      }).sender
      // On one machine or network there is room: a picture that shrinks at first helps nobody.
      await sender.setParameters({ ...sender.getParameters(), degradationPreference: 'maintain-resolution' })
      await connection.setLocalDescription()
      const sdp = connection.localDescription?.sdp ?? ''
      await seat.send({ kind: 'offer', to: name, sdp })
    }

    const heard = async (event: OutputEvent) => {
      if (event.kind === 'replaced') return
      const connection = viewers.get(event.from)?.connection
      if (event.kind === 'joined') await invite(event.from)
      else if (event.kind === 'left') leave(event.from)
      else if (event.kind === 'answer')
        await connection?.setRemoteDescription({ type: 'answer', sdp: event.sdp })
      else if (event.kind === 'candidate') await connection?.addIceCandidate(plain(event.candidate))
    }

    const seat = takeSeat(outputRoom, 'studio', heard)
    const changeTrack = () => {
      for (const { connection } of viewers.values()) {
        for (const sender of connection.getSenders())
          void sender.replaceTrack(stream.getVideoTracks()[0] ?? null)
      }
    }
    stream.addEventListener('change', changeTrack)
    onCleanup(() => {
      seat[Symbol.dispose]()
      stream.removeEventListener('change', changeTrack)
      for (const name of [...viewers.keys()]) leave(name)
    })
  })

  return {
    viewerCount,
    isOn: () => settings.isOutputShared,
    /** A room nobody can guess: others on the network must not see the picture. */
    turn: (on: boolean) =>
      change({
        isOutputShared: on,
        outputRoom: settings.outputRoom || crypto.randomUUID().replaceAll('-', ''),
      }),
    address: () => `${location.origin}/output?room=${settings.outputRoom}`,
  }
}

const plain = ({ candidate, sdpMid, sdpMLineIndex }: (OutputEvent & { kind: 'candidate' })['candidate']) => ({
  candidate,
  sdpMid: sdpMid ?? null,
  sdpMLineIndex: sdpMLineIndex ?? null,
})
