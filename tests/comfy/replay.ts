/** Has a recorded talk again with the stand-in: the same requests in the same order, at the same points of what is heard. */
import { isDeepStrictEqual } from 'node:util'
import { expect } from 'vitest'
import { WebSocket } from 'ws'
import { essence } from './alike'
import type { ManualClock } from './clock'
import { answerEssence, isTold, isTruncated, messageEssence, readMessage, sorted } from './replay-essence'
import { contentOf, toForm } from './replay-form'
import type { StandIn } from './stand-in'
import {
  answerTo,
  type Entry,
  type RecordedAnswer,
  type RecordedMessage,
  type RecordedRequest,
  type Transcript,
} from './transcript'

/** What one socket heard, beside what was recorded for it. */
interface Hearing {
  readonly socket: WebSocket
  readonly heard: RecordedMessage[]
  readonly recorded: RecordedMessage[]
  closeCode: number | undefined
}

interface ReplayOptions {
  /** What recorded ids and files are called here; kept from talk to talk. */
  readonly ids: Map<string, string>
  /** Compares only which nodes ran and what came of them, where the pace of a real model was recorded. */
  readonly isRough: boolean
}

/** What earlier talks had left in the input folder. */
export function placeFiles({ files }: StandIn): void {
  const picture = contentOf({ name: 'image', filename: 'in.png', contentType: 'image/png', binary: 522 })
  files.upload('input', '', 'in.png', picture, true)
  files.upload('input', 'job-1', 'in.png', picture, true)
}

export async function replay(
  transcript: Transcript,
  standIn: StandIn,
  clock: ManualClock,
  options: ReplayOptions,
): Promise<void> {
  const { ids } = options
  const hearings = new Map<string, Hearing>()
  let heardAt = 0
  let isDown = false
  for (const [index, entry] of transcript.entries.entries()) {
    if (entry.dir === 'ws') hearings.get(entry.socket)?.recorded.push(entry)
    else await act(entry, index)
    if (entry.dir === 'ws') heardAt = entry.t
  }
  await catchUp()
  for (const hearing of hearings.values()) hearing.socket.terminate()
  for (const [name, hearing] of hearings) compare(name, hearing)
  while (standIn.ran.some(({ outcome }) => outcome === 'pending' || outcome === 'running')) await step()

  async function act(entry: Entry, index: number): Promise<void> {
    if (entry.dir === 'ws-open') {
      await catchUp()
      if (isDown) await standIn.restart()
      isDown = false
      await letPass((entry.t - heardAt) * 1000)
      hearings.set(entry.socket, await open(entry.url))
    } else if (entry.dir === 'ws-send') {
      hearings.get(entry.socket)?.socket.send(JSON.stringify(entry.data))
    } else if (entry.dir === 'ws-close') {
      await catchUp()
      if (entry.code === 1006) {
        await standIn.kill()
        isDown = true
      }
      await close(entry.socket, entry.code)
    } else if (entry.dir === 'http-req') {
      // A body that was written by hand is known by its length only.
      if (typeof entry.raw === 'object') return
      await catchUp()
      await ask(entry, answerTo(transcript.entries, index))
    }
  }

  async function open(path: string): Promise<Hearing> {
    const socket = new WebSocket(`${standIn.url.replace('http', 'ws')}${path}`)
    const hearing: Hearing = { socket, heard: [], recorded: [], closeCode: undefined }
    socket.on('message', (data, isBinary) => hearing.heard.push(readMessage(data as Buffer, isBinary))) // as ws gives them
    socket.on('close', (code) => {
      hearing.closeCode = code
    })
    await new Promise((resolve) => socket.once('open', resolve))
    return hearing
  }

  async function close(name: string, code: number | null): Promise<void> {
    const hearing = hearings.get(name)
    if (!hearing) return
    if (code === null) hearing.socket.close()
    while (hearing.closeCode === undefined) await turn()
    if (code !== null) expect(hearing.closeCode).toBe(code)
    await turn() // the server's side of it
  }

  /** Lets time pass until everybody has heard what was recorded so far. */
  async function catchUp(): Promise<void> {
    for (let tries = 0; tries < 2000; tries++) {
      await settle()
      const isBehind = [...hearings.values()].some(
        ({ socket, heard, recorded }) =>
          socket.readyState === WebSocket.OPEN && count(heard) < count(recorded),
      )
      if (!isBehind) return
      await step()
    }
  }

  function count(messages: readonly RecordedMessage[]): number {
    return messages.filter((message) => isTold(message, options)).length
  }

  /** While nobody listened the box went on. */
  async function letPass(ms: number): Promise<void> {
    const isHeard = [...hearings.values()].some(({ socket }) => socket.readyState === WebSocket.OPEN)
    const endMs = clock.now() + ms
    while (!isHeard && clock.isAsleep && clock.now() + clock.nextMs <= endMs) await step()
  }

  async function step(): Promise<void> {
    if (clock.isAsleep) clock.tick()
    await turn()
  }

  /** Whatever was sent before a ping has been heard when its pong comes. */
  async function settle(): Promise<void> {
    await turn()
    const open = [...hearings.values()].filter(({ socket }) => socket.readyState === WebSocket.OPEN)
    await Promise.all(
      open.map(
        ({ socket }) =>
          new Promise<void>((resolve) => {
            const heard = () => {
              socket.off('pong', heard)
              socket.off('close', heard)
              resolve()
            }
            socket.on('pong', heard)
            socket.on('close', heard)
            socket.ping()
          }),
      ),
    )
  }

  async function ask(request: RecordedRequest, recorded: RecordedAnswer): Promise<void> {
    for (let tries = 0; ; tries++) {
      const actual = await send(request)
      noteIds(recorded.json, actual.json)
      const here = answerEssence(actual, new Map(), request.path)
      const there = answerEssence(recorded, ids, request.path)
      const isAlike = isDeepStrictEqual(here, there) || isTruncated(recorded.json)
      // What is asked while a prompt runs is asked again after its next step.
      if (!isAlike && request.method === 'GET' && tries < 50 && clock.isAsleep) await step()
      else if (isAlike) return
      else return expect(here, `${request.method} ${request.path}`).toEqual(there)
    }
  }

  async function send({
    method,
    path,
    headers,
    json,
    raw,
    multipart,
  }: RecordedRequest): Promise<RecordedAnswer> {
    const url = standIn.url + renamed(path)
    const own = headers?.Origin?.includes('127.0.0.1') ? { ...headers, Origin: standIn.url } : headers
    const form = multipart && toForm(multipart)
    const body =
      form?.body ?? (json === undefined ? (raw as string | undefined) : renamed(JSON.stringify(json)))
    try {
      const answer = await fetch(url, {
        method,
        headers: { ...own, ...(form ? { 'Content-Type': form.type } : {}) },
        body: typeof body === 'string' ? body : body ? new Uint8Array(body) : null,
      })
      const bytes = Buffer.from(await answer.arrayBuffer())
      const isJson = answer.headers.get('content-type')?.startsWith('application/json') === true
      return {
        status: answer.status,
        headers: Object.fromEntries(answer.headers),
        ...(isJson ? { json: JSON.parse(bytes.toString()) } : { text: bytes.toString('latin1') }),
      }
    } catch {
      return { error: 'no connection' }
    }
  }

  function renamed(text: string): string {
    let result = text
    for (const [there, here] of ids) result = result.replaceAll(there, here)
    return result
  }

  /** Learns what ids and files are called here, from answers that say the same. */
  function noteIds(there: unknown, here: unknown): void {
    if (typeof there !== 'object' || typeof here !== 'object' || there === null || here === null) return
    if (Array.isArray(there) && Array.isArray(here)) {
      for (const [i, item] of there.entries()) noteIds(item, here[i])
      return
    }
    for (const [name, value] of Object.entries(there)) {
      const other: unknown = here[name as keyof typeof here] ?? here[ids.get(name) as keyof typeof here]
      if (
        (name === 'prompt_id' || name === 'filename') &&
        typeof value === 'string' &&
        typeof other === 'string'
      )
        ids.set(value, other)
      else noteIds(value, other)
    }
  }

  function compare(name: string, { heard, recorded }: Hearing): void {
    const here = heard
      .filter((message) => isTold(message, options))
      .map((message) => messageEssence(message, new Map()))
    const there = recorded
      .filter((message) => isTold(message, options))
      .map((message) => messageEssence(message, ids))
    // Which of several outputs comes first depends on the seed of Python's hashes.
    const isSorted = transcript.name === '03_video' || options.isRough
    expect(isSorted ? sorted(here) : here, `heard by ${name}`).toEqual(isSorted ? sorted(there) : there)
    const remaining = (messages: readonly RecordedMessage[]) =>
      messages.flatMap(({ data }) => (data?.type === 'status' ? [essence(data.data, new Map())] : []))
    expect(remaining(heard), `status heard by ${name}`).toEqual(remaining(recorded))
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
