import { expect, it } from 'vitest'
import { Watchdog } from './watchdog'

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

it('lets work go on that moves, however long it takes', async () => {
  using watchdog = new Watchdog(400)
  const work = async () => {
    for (let i = 0; i < 12; i++) {
      await wait(50)
      watchdog.alive()
    }
    return 'done'
  }
  expect(await watchdog.watch(work())).toBe('done')
})

it('gives up work that does not', async () => {
  using watchdog = new Watchdog(100)
  await expect(watchdog.watch(new Promise(() => undefined))).rejects.toMatchObject({ name: 'StalledError' })
})

it('tells the failure of work as it is', async () => {
  using watchdog = new Watchdog(5000)
  await expect(watchdog.watch(Promise.reject(new TypeError('No.')))).rejects.toBeInstanceOf(TypeError)
})
