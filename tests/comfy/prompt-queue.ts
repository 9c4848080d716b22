/** The stand-in's queue, its one worker and its history; all of it is lost when the process is killed (13_server_killed). */
import { randomUUID } from 'node:crypto'
import type { RawGraph } from './prompt-problems'
import { type Ending, type NodeResult, type QueuedPrompt, type RunParts, runPrompt } from './run-prompt'

/** What became of a prompt that a stand-in accepted; kept over kills, for tests to look at. */
export interface Ran {
  readonly id: string
  readonly graph: RawGraph
  readonly clientId: string | undefined
  outcome: 'pending' | 'running' | 'succeeded' | 'failed' | 'interrupted' | 'deleted' | 'lost'
}

export interface HistoryEntry {
  readonly prompt: unknown[]
  readonly outputs: Readonly<Record<string, unknown>>
  readonly status: {
    readonly status_str: string
    readonly completed: boolean
    readonly messages: readonly unknown[]
  }
  readonly meta: Readonly<Record<string, unknown>>
}

interface Accepted {
  readonly graph: RawGraph
  readonly extra: Readonly<Record<string, unknown>>
  readonly outputs: readonly string[]
  readonly clientId: string | undefined
  readonly id: string | undefined
  readonly front: boolean
}

export class PromptQueue {
  readonly history = new Map<string, HistoryEntry>()
  readonly #parts: Omit<RunParts, 'takeInterrupt' | 'life' | 'cache'>
  readonly #ran: Ran[]
  readonly #life = new AbortController()
  readonly #cache = new Map<string, NodeResult>()
  #pending: { readonly prompt: QueuedPrompt; readonly ran: Ran }[] = []
  #running: { readonly prompt: QueuedPrompt; readonly ran: Ran } | undefined
  #isInterrupted = false
  #number = 0
  #isWorking = false

  constructor(parts: Omit<RunParts, 'takeInterrupt' | 'life' | 'cache'>, ran: Ran[]) {
    this.#parts = parts
    this.#ran = ran
  }

  get remaining(): number {
    return this.#pending.length + (this.#running ? 1 : 0)
  }
  get running(): QueuedPrompt | undefined {
    return this.#running?.prompt
  }
  get pending(): readonly QueuedPrompt[] {
    return this.#pending.map(({ prompt }) => prompt)
  }

  /** Refused prompts take a number too (04_invalid). */
  nextNumber(): number {
    return this.#number++
  }

  put(accepted: Accepted, number: number): QueuedPrompt {
    const { id = randomUUID(), front, ...rest } = accepted
    const prompt = { ...rest, id, number: front ? -number : number }
    const ran: Ran = { id, graph: rest.graph, clientId: rest.clientId, outcome: 'pending' }
    this.#ran.push(ran)
    this.#pending.push({ prompt, ran })
    this.#pending.sort((a, b) => a.prompt.number - b.prompt.number) // 08_two_clients: `front` has a negative number
    this.tellStatus()
    if (!this.#isWorking) void this.#work()
    return prompt
  }

  /** 06_cancel_pending: only what is pending; whatever runs is left alone, and nobody is told which prompt it was. */
  delete(id: string): boolean {
    const item = this.#pending.find(({ prompt }) => prompt.id === id)
    if (!item) return false
    item.ran.outcome = 'deleted'
    this.#pending = this.#pending.filter((other) => other !== item)
    this.tellStatus()
    return true
  }

  clear(): void {
    for (const { ran } of this.#pending) ran.outcome = 'deleted'
    this.#pending = []
    this.tellStatus()
  }

  interrupt(): void {
    this.#isInterrupted = true
  }

  /** 15_queue_clear: after /free with free_memory everything runs again. */
  forgetResults(): void {
    this.#cache.clear()
  }

  kill(): void {
    for (const { ran } of [...this.#pending, ...(this.#running ? [this.#running] : [])]) ran.outcome = 'lost'
    this.#pending = []
    this.#life.abort()
  }

  async #work(): Promise<void> {
    this.#isWorking = true
    // A prompt never starts before its POST is answered (facts 12).
    await new Promise((resolve) => setImmediate(resolve))
    for (let item = this.#pending.shift(); item; item = this.#pending.shift()) {
      this.#running = item
      this.tellStatus()
      this.#isInterrupted = false // 07_interrupt_running: an interrupt of nothing does not hit the next prompt
      item.ran.outcome = 'running'
      const parts = {
        ...this.#parts,
        cache: this.#cache,
        life: this.#life.signal,
        takeInterrupt: () => {
          const was = this.#isInterrupted
          this.#isInterrupted = false
          return was
        },
      }
      const ending = await runPrompt(item.prompt, parts).catch((error) => {
        if (!this.#life.signal.aborted) throw error // a mistake of the stand-in
      })
      if (!ending || this.#life.signal.aborted) break // killed
      item.ran.outcome = ending.name
      // 16_history_race: between execution_success and this the history does not know the prompt yet.
      await new Promise((resolve) => setImmediate(resolve))
      this.#end(item.prompt, ending)
    }
    this.#isWorking = false
  }

  #end(prompt: QueuedPrompt, ending: Ending): void {
    const { number, id, graph, extra, outputs, clientId } = prompt
    this.#running = undefined
    this.history.delete(id) // 11_prompt_ids: an id that is used again takes the place of the old one
    this.history.set(id, {
      prompt: [number, id, graph, extra, outputs],
      outputs: ending.outputs,
      status: {
        status_str: ending.name === 'succeeded' ? 'success' : 'error',
        completed: ending.name === 'succeeded',
        messages: ending.messages,
      },
      meta: ending.meta,
    })
    this.tellStatus()
    if (clientId !== undefined) this.#parts.sockets.send('executing', { node: null, prompt_id: id }, clientId)
  }

  /** Everybody hears how much is left. */
  tellStatus(): void {
    this.#parts.sockets.status(this.remaining)
  }
}
