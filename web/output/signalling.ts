import type { OutputEvent, OutputMessage } from '../../edge-server/routes/output'

/** A seat in a room of the edge server, where pages meet that then connect to each other directly. */
export interface Seat extends Disposable {
  send(message: OutputMessage): Promise<void>
}

/** Joins and reconnects by itself. Messages are handled one after the other, in the order they were sent. */
export function takeSeat(
  room: string,
  name: string,
  heard: (event: OutputEvent) => Promise<void> | void,
): Seat {
  const url = `/api/output/${room}/${name}`
  const events = new EventSource(url)
  let turn: Promise<void> = Promise.resolve()
  events.onmessage = ({ data }: MessageEvent<string>) => {
    const event: OutputEvent = JSON.parse(data) // our own server's, parsed there
    if (event.kind === 'replaced') events.close()
    // A peer that went away in the middle of a handshake says so by `left`; its message is moot.
    turn = turn.then(() => heard(event)).catch(() => undefined)
  }
  return {
    async send(message) {
      const headers = { 'Content-Type': 'application/json' }
      await fetch(url, { method: 'POST', headers, body: JSON.stringify(message) })
    },
    [Symbol.dispose]: () => events.close(),
  }
}

/** A candidate as the server takes it. */
export const candidateTo = (to: string, candidate: RTCIceCandidate): OutputMessage => {
  const { candidate: line = '', sdpMid = null, sdpMLineIndex = null } = candidate.toJSON()
  return { kind: 'candidate', to, candidate: { candidate: line, sdpMid, sdpMLineIndex } }
}
