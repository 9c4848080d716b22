/** A WebSocket to our server that comes back: after a lost connection, a restarted server, a laptop that slept. */

export interface SocketListeners {
  /** A connection has just been made, the first or a further one. */
  readonly opened?: () => void
  readonly text: (text: string) => void
  readonly binary?: (bytes: ArrayBuffer) => void
  /** Whether it is connected now. */
  readonly connected?: (isConnected: boolean) => void
}

const FIRST_WAIT_MS = 400
const LONGEST_WAIT_MS = 15_000
/** Whoever has not connected by then is given up and tried again. */
const CONNECT_MS = 10_000

/** Connects to a path of this server until disposed. */
export function openSocket(path: string, listeners: SocketListeners): Disposable {
  let socket: WebSocket | undefined
  let waitMs = FIRST_WAIT_MS
  let timer = 0
  let isOver = false

  const connect = () => {
    clearTimeout(timer)
    if (isOver || socket) return
    const url = new URL(path, location.href)
    url.protocol = url.protocol.replace('http', 'ws')
    const opening = new WebSocket(url)
    opening.binaryType = 'arraybuffer'
    socket = opening
    timer = window.setTimeout(() => opening.readyState === WebSocket.CONNECTING && drop(opening), CONNECT_MS)
    opening.onopen = () => {
      clearTimeout(timer)
      waitMs = FIRST_WAIT_MS
      listeners.connected?.(true)
      listeners.opened?.()
    }
    opening.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) => {
      if (typeof data === 'string') listeners.text(data)
      else listeners.binary?.(data)
    }
    opening.onclose = () => drop(opening)
  }

  const drop = (dropped: WebSocket) => {
    if (socket !== dropped) return
    socket = undefined
    dropped.onclose = null
    dropped.close()
    clearTimeout(timer)
    listeners.connected?.(false)
    if (isOver) return
    // Half of it by chance, or all pages would come back at the same moment.
    timer = window.setTimeout(connect, waitMs * (0.5 + Math.random() / 2))
    waitMs = Math.min(LONGEST_WAIT_MS, waitMs * 2)
  }

  const retryNow = () => {
    if (document.hidden && !navigator.onLine) return
    waitMs = FIRST_WAIT_MS
    connect()
  }
  let hiddenAtMs = 0
  /** After a long sleep a connection may look open and be dead: nothing would ever come. */
  const woke = () => {
    if (document.hidden) {
      hiddenAtMs = Date.now()
      return
    }
    const slept = hiddenAtMs > 0 && Date.now() - hiddenAtMs > LONGEST_WAIT_MS
    if (slept && socket) drop(socket)
    retryNow()
  }
  /** The network has changed under it. */
  const online = () => {
    if (socket) drop(socket)
    retryNow()
  }

  window.addEventListener('online', online)
  document.addEventListener('visibilitychange', woke)
  connect()
  return {
    [Symbol.dispose]() {
      isOver = true
      clearTimeout(timer)
      window.removeEventListener('online', online)
      document.removeEventListener('visibilitychange', woke)
      if (socket) drop(socket)
    },
  }
}
