import { Hono } from 'hono'
import { afterEach, expect, test, vi } from 'vitest'
import { answerError, Refusal } from './errors'

afterEach(() => vi.restoreAllMocks())

async function answer(error: Error) {
  const app = new Hono().get('/', () => {
    throw error
  })
  app.onError(answerError)
  const response = await app.request('/')
  return [response.status, ((await response.json()) as { error: unknown }).error]
}
const named = (name: string) => Object.assign(new Error('It is so.'), { name })

test.each<[Error, number, string]>([
  [new Refusal(409, 'Conflict', 'It is so.'), 409, 'Conflict'],
  [named('DiskFullError'), 507, 'DiskFull'],
  [named('FileGoneError'), 404, 'NotFound'],
  [named('QueueUnavailableError'), 503, 'Unavailable'],
])('%s is told in its own words', async (error, status, name) => {
  expect(await answer(error)).toEqual([status, { name, message: 'It is so.' }])
})

test.each(['TypeError', 'StoreDamagedError', 'toString', '__proto__'])(
  'a %s is kept for the log',
  async (name) => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {})
    const [status, said] = await answer(named(name))
    expect([status, said]).toMatchObject([500, { name: 'Internal' }])
    expect(JSON.stringify(said)).not.toContain('It is so.')
    expect(log).toHaveBeenCalledOnce()
  },
)
