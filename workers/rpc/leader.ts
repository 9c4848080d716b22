/**
 * Of all threads of this origin that ask for the same leadership, in whichever tab, one has it at a time: it alone does
 * the work, the others send it commands and hear its news. When its tab closes, or crashes, the next one takes over.
 */

export interface LeaderOptions<Command, News> {
  /**
   * We lead from now on. `before`: another one led since we are here, and is gone. Commands wait until this has resolved.
   */
  onLead(before: boolean): Promise<void>
  /** Called in the leader only: for its own commands and for everybody's. */
  carryOut(command: Command): Promise<void>
  /** Called in the others only. */
  onNews(news: News): void
}

type Message<Command, News> =
  | { readonly kind: 'who leads' }
  | { readonly kind: 'I lead' }
  | { readonly kind: 'command'; readonly ticket: string; readonly command: Command }
  | { readonly kind: 'answer'; readonly ticket: string; readonly error: PlainError | undefined }
  | { readonly kind: 'news'; readonly news: News }

interface PlainError {
  readonly name: string
  readonly message: string
}

interface Waiting<Command> {
  readonly command: Command
  resolve(): void
  reject(error: unknown): void
}

/** A tab whose thread is frozen holds the lock but answers nobody: then we begin as one of the others. */
const ANSWER_WITHIN_MS = 5000

export class Leader<Command, News> implements Disposable {
  readonly #options: LeaderOptions<Command, News>
  readonly #channel: BroadcastChannel
  readonly #life = new AbortController()
  readonly #waiting = new Map<string, Waiting<Command>>()
  #leads = false
  #heard = false
  #known = (): void => undefined

  private constructor(name: string, options: LeaderOptions<Command, News>) {
    this.#options = options
    this.#channel = new BroadcastChannel(name)
    this.#channel.onmessage = ({ data }: MessageEvent<Message<Command, News>>) => this.#hear(data)
    const ended = new Promise<void>((resolve) => this.#life.signal.addEventListener('abort', () => resolve()))
    const hold = async () => {
      await options.onLead(this.#heard)
      this.#leads = true
      this.#post({ kind: 'I lead' })
      this.#known()
      for (const [ticket, { command, resolve, reject }] of this.#waiting) {
        this.#waiting.delete(ticket)
        this.#options.carryOut(command).then(resolve, reject)
      }
      await ended
    }
    navigator.locks.request(name, { signal: this.#life.signal }, hold).catch((error) => this.#failed(error))
  }

  #failed: (error: unknown) => void = () => undefined

  /** Resolves as soon as it is clear whether we lead or somebody else does. Rejects when `onLead` does. */
  static async open<Command, News>(
    name: string,
    options: LeaderOptions<Command, News>,
  ): Promise<Leader<Command, News>> {
    const leader = new Leader(name, options)
    await new Promise<void>((resolve, reject) => {
      leader.#known = resolve
      leader.#failed = reject
      leader.#post({ kind: 'who leads' })
      setTimeout(resolve, ANSWER_WITHIN_MS)
    })
    return leader
  }

  get leads(): boolean {
    return this.#leads
  }

  /** Tells the others. Only the leader has news. */
  tell(news: News): void {
    this.#post({ kind: 'news', news })
  }

  /** Resolves when the leader, whoever that is by then, has carried it out; rejects as it did. */
  send(command: Command): Promise<void> {
    if (this.#leads) return this.#options.carryOut(command)
    return new Promise((resolve, reject) => {
      const ticket = crypto.randomUUID()
      this.#waiting.set(ticket, { command, resolve, reject })
      this.#post({ kind: 'command', ticket, command })
    })
  }

  #hear(message: Message<Command, News>): void {
    if (message.kind === 'who leads') {
      if (this.#leads) this.#post({ kind: 'I lead' })
    } else if (message.kind === 'I lead') {
      this.#heard = true
      this.#known()
      // What the leader before did not answer is asked again: commands must bear that.
      for (const [ticket, { command }] of this.#waiting) this.#post({ kind: 'command', ticket, command })
    } else if (message.kind === 'command') {
      if (this.#leads) void this.#answer(message.ticket, message.command)
    } else if (message.kind === 'answer') {
      const waiting = this.#waiting.get(message.ticket)
      this.#waiting.delete(message.ticket)
      if (message.error) waiting?.reject(Object.assign(new Error(message.error.message), message.error))
      else waiting?.resolve()
    } else if (!this.#leads) {
      this.#options.onNews(message.news)
    }
  }

  async #answer(ticket: string, command: Command): Promise<void> {
    const error = await this.#options.carryOut(command).then(
      () => undefined,
      (thrown: unknown) =>
        thrown instanceof Error
          ? { name: thrown.name, message: thrown.message }
          : { name: 'Error', message: String(thrown) },
    )
    this.#post({ kind: 'answer', ticket, error })
  }

  #post(message: Message<Command, News>): void {
    if (!this.#life.signal.aborted) this.#channel.postMessage(message)
  }

  /** Lets the next one lead. */
  [Symbol.dispose](): void {
    this.#leads = false
    this.#life.abort()
    this.#channel.close()
  }
}
