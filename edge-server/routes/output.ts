/**
 * Introduces the studio page to clean output pages in other browsers on this machine (OBS brings its own), which then
 * connect to each other by WebRTC. The pictures never pass through here, only the few messages needed to connect.
 *
 * A page joins a room under a name it chooses, by listening:
 *   GET  /api/output/:room/:peer          Server-Sent Events; each `data` is one OutputEvent as JSON
 * and sends to another page in the room:
 *   POST /api/output/:room/:peer          { to, kind: 'offer' | 'answer', sdp } or { to, kind: 'candidate', candidate }
 *
 * The studio joins as 'studio', a viewer under any other name (a random one). Each is told of the other by `joined`,
 * whoever came first; the studio then sends the offer. `left` says that a page has gone. When a second page joins under
 * the same name, the first hears `replaced` and must not connect again. A room ends with its last page.
 */
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { streamSSE } from 'hono/streaming'
import { validator } from 'hono/validator'
import * as v from 'valibot'
import { describes } from '../api/route'
import { Refusal } from '../errors'

const Name = v.pipe(v.string(), v.regex(/^[\w-]{1,64}$/))
const Sdp = v.pipe(v.string(), v.maxLength(48_000))
const Candidate = v.object({
  candidate: v.pipe(v.string(), v.maxLength(2000)),
  sdpMid: v.nullish(v.pipe(v.string(), v.maxLength(64))),
  sdpMLineIndex: v.nullish(v.pipe(v.number(), v.integer(), v.minValue(0))),
  usernameFragment: v.nullish(v.pipe(v.string(), v.maxLength(256))),
})
const OutputMessage = v.variant('kind', [
  v.object({ kind: v.literal('offer'), to: Name, sdp: Sdp }),
  v.object({ kind: v.literal('answer'), to: Name, sdp: Sdp }),
  v.object({ kind: v.literal('candidate'), to: Name, candidate: Candidate }),
])

/** What one page asks to be handed to another. */
export type OutputMessage = v.InferOutput<typeof OutputMessage>

/** What a page hears: messages of the others, and who came or went. */
export type OutputEvent =
  | (OutputMessage & { readonly from: string })
  | { readonly kind: 'joined' | 'left'; readonly from: string }
  | { readonly kind: 'replaced' }

/** How a page in a room is reached. */
interface Peer {
  readonly tell: (event: OutputEvent) => void
  readonly end: () => void
}
type Room = Map<string, Peer>

const maxRooms = 32
const maxPeers = 8 // a studio and seven viewers
const maxWaiting = 64 // events for a page that does not read them
const heartbeatMs = 15_000 // a page that is gone is noticed when writing to it fails

const named = validator('param', (value) => {
  const { output, success } = v.safeParse(v.object({ room: Name, peer: Name }), value)
  if (!success) throw new Refusal(400, 'BadRequest', 'Room and name are up to 64 letters, digits, - and _.')
  return output
})

const message = validator('json', (value) => {
  const { output, success, issues } = v.safeParse(OutputMessage, value)
  if (!success)
    throw new Refusal(400, 'BadRequest', `Not a message for an output page: ${v.summarize(issues)}`)
  return output
})

const small = bodyLimit({
  maxSize: 64 * 1024,
  onError: () => {
    throw new Refusal(413, 'TooLarge', 'A message may have 64 kB.')
  },
})

const joins = describes({
  summary: 'Join a room of pages that show the picture of Live, and hear of the others',
  tag: 'output',
  answers: { 200: 'text/event-stream' },
  refuses: [400, 429],
})
const sends = describes({
  summary: 'Hand a message to another page of the room, so that they connect',
  tag: 'output',
  answers: { 204: undefined },
  refuses: [400, 404, 413],
})

/** Rooms live in memory and end with `closing`. */
export const outputRoutes = (closing: AbortSignal) => {
  const rooms = new Map<string, Room>()

  function join(roomName: string, name: string, peer: Peer): Room {
    const room = rooms.get(roomName) ?? new Map<string, Peer>()
    const known = room.get(name)
    if (!rooms.has(roomName) && rooms.size >= maxRooms)
      throw new Refusal(429, 'TooMany', 'Too many rooms are open.')
    if (!known && room.size >= maxPeers) throw new Refusal(429, 'TooMany', 'Too many pages show this output.')
    known?.tell({ kind: 'replaced' })
    known?.end()
    room.set(name, peer)
    rooms.set(roomName, room)
    for (const [other, { tell }] of meets(room, name)) {
      tell({ kind: 'joined', from: name })
      peer.tell({ kind: 'joined', from: other })
    }
    return room
  }

  function leave(roomName: string, room: Room, name: string, peer: Peer): void {
    if (room.get(name) !== peer) return // replaced meanwhile
    room.delete(name)
    for (const [, { tell }] of meets(room, name)) tell({ kind: 'left', from: name })
    if (room.size === 0) rooms.delete(roomName)
  }

  return new Hono()
    .get('/:room/:peer', joins, named, (c) => {
      const { room: roomName, peer: name } = c.req.valid('param')
      const waiting: OutputEvent[] = []
      let wake = () => {}
      let over = closing.aborted
      const end = () => {
        over = true
        wake()
      }
      const tell = (event: OutputEvent) => {
        if (waiting.push(event) > maxWaiting) over = true
        wake()
      }
      const peer = { tell, end }
      const room = join(roomName, name, peer)
      closing.addEventListener('abort', end, { once: true })
      return streamSSE(c, async (stream) => {
        stream.onAbort(end)
        const heartbeat = setInterval(() => void stream.write(': still here\n\n'), heartbeatMs)
        try {
          await stream.write(': joined\n\n') // the page learns at once that it is connected
          while (!over || waiting.length > 0) {
            const event = waiting.shift()
            if (event) await stream.writeSSE({ data: JSON.stringify(event) })
            else {
              await new Promise<void>((resolve) => {
                wake = resolve
              })
            }
          }
        } finally {
          clearInterval(heartbeat)
          closing.removeEventListener('abort', end)
          leave(roomName, room, name, peer)
        }
      })
    })
    .post('/:room/:peer', sends, small, named, message, (c) => {
      const { room, peer } = c.req.valid('param')
      const event = c.req.valid('json')
      const addressee = rooms.get(room)?.get(event.to)
      if (!addressee || !rooms.get(room)?.has(peer)) {
        throw new Refusal(404, 'PeerAbsent', 'That page is not here (any more).')
      }
      addressee.tell({ ...event, from: peer })
      return c.body(null, 204)
    })
}

/** The studio meets viewers and viewers meet the studio; viewers have no business with each other. */
function meets(room: Room, name: string): [string, Peer][] {
  return [...room].filter(([other]) => other !== name && (other === 'studio') !== (name === 'studio'))
}
