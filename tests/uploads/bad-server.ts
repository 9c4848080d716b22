/** A server to which bad input is sent, and what must not come of it. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, vi } from 'vitest'
import { startUploadServer, type UploadServer } from './upload-server'

type Options = Parameters<typeof startUploadServer>[0]

/** One server for the tests of a file, with low limits, and more on demand. Expects that nothing is logged: bad input is no surprise. */
export function useBadServer() {
  const servers: UploadServer[] = []
  async function start(options: Options = {}): Promise<UploadServer> {
    const started = await startUploadServer(options)
    servers.push(started)
    return started
  }
  let server: UploadServer | undefined
  beforeAll(async () => {
    server = await start({ maxImageBytes: 1_000_000, maxVideoBytes: 3_000_000 })
  })
  afterAll(async () => {
    for (const started of servers) await started[Symbol.asyncDispose]()
  })
  const logged = vi.spyOn(console, 'error').mockImplementation(() => {})
  beforeEach(() => void logged.mockClear())
  afterEach(() => expect(logged).not.toHaveBeenCalled())
  return {
    start,
    get server(): UploadServer {
      if (!server) throw new Error('The server starts before the first test.')
      return server
    },
  }
}

/** The one shape of errors, with a whole sentence in it. */
export const refusal = (name: string) => ({ error: { name, message: expect.stringMatching(/^[A-Z].*\.$/s) } })

export const html = '<html><script>alert(1)</script></html>'
