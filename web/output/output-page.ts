/**
 * The clean picture on black, at /output. Opened by the studio page it shows that page's own stream; opened elsewhere, as
 * in a browser source of OBS, it is connected through the room in its address.
 */
import type { OutputEvent } from '../../edge-server/routes/output'
import type { Automation } from '../studio/automation'
import { candidateTo, takeSeat } from './signalling'
import './output.css'

const AGAIN_MS = 1000

export function showOutput(root: HTMLElement): void {
  document.title = 'Output · Understudy'
  document.documentElement.classList.add('output')
  const video = document.createElement('video')
  video.muted = true
  video.autoplay = true
  video.playsInline = true
  const words = document.createElement('p')
  words.setAttribute('role', 'status')
  root.append(video, words)
  // The sentence waits under the picture: it is covered as soon as there is one.
  const say = (sentence: string) => {
    words.textContent = sentence
  }
  video.addEventListener('resize', () => root.classList.toggle('has-picture', video.videoWidth > 0))

  const room = new URLSearchParams(location.search).get('room')
  if (window.opener) fromOpener(window.opener, video, say)
  else if (room) fromRoom(room, video, say)
  else say('Open this page from the output menu of Understudy, or with the address it offers there.')
}

/** The opener may reload: its stream is asked for again whenever it is another one. */
function fromOpener(opener: Window, video: HTMLVideoElement, say: (sentence: string) => void): void {
  let unwatch: (() => void) | undefined
  const look = () => {
    const studio: Automation | undefined = opener.closed ? undefined : Reflect.get(opener, 'understudy')
    if (studio && video.srcObject !== studio.output) {
      unwatch = studio.watchOutput()
      video.srcObject = studio.output
    }
    say(studio ? 'Waiting for the picture: start the camera in Understudy.' : 'Understudy was closed.')
  }
  look()
  setInterval(look, AGAIN_MS)
  addEventListener('pagehide', () => unwatch?.())
}

function fromRoom(room: string, video: HTMLVideoElement, say: (sentence: string) => void): void {
  let connection: RTCPeerConnection | undefined
  const name = crypto.randomUUID()
  say('Waiting for Understudy: open it on this machine, with its output switched on.')

  const answer = async (sdp: string) => {
    connection?.close()
    const next = new RTCPeerConnection()
    connection = next
    next.ontrack = ({ track }) => {
      video.srcObject = new MediaStream([track])
    }
    next.onicecandidate = ({ candidate }) => candidate && void seat.send(candidateTo('studio', candidate))
    await next.setRemoteDescription({ type: 'offer', sdp })
    await next.setLocalDescription()
    await seat.send({ kind: 'answer', to: 'studio', sdp: next.localDescription?.sdp ?? '' })
    say('Waiting for the picture: start the camera in Understudy.')
  }

  const heard = async (event: OutputEvent) => {
    if (event.kind === 'offer') await answer(event.sdp)
    else if (event.kind === 'candidate') {
      const { candidate, sdpMid, sdpMLineIndex } = event.candidate
      await connection?.addIceCandidate({
        candidate,
        sdpMid: sdpMid ?? null,
        sdpMLineIndex: sdpMLineIndex ?? null,
      })
    } else if (event.kind === 'left') {
      video.srcObject = null
      video.parentElement?.classList.remove('has-picture')
      say('Understudy was closed. The picture returns with it.')
    }
  }
  const seat = takeSeat(room, name, heard)
}
