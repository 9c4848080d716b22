import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openDevices } from './devices'

const DAY = 24 * 60 * 60 * 1000
let folder: string
let nowMs = Date.UTC(2026, 0, 1)
const now = () => nowMs
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'devices-'))
})
afterEach(() => rmSync(folder, { recursive: true }))
const file = () => join(folder, 'devices.json')

test('one is known by its token, after a restart too; nothing that lets in is written down', async () => {
  const devices = await openDevices(folder, now)
  const { device, token } = (await devices.add('Safari on iPhone'))!
  expect(device).toEqual({
    id: expect.any(String),
    name: 'Safari on iPhone',
    firstSeenMs: nowMs,
    lastSeenMs: nowMs,
  })
  expect(devices.list).toEqual([device])
  expect(devices.find(token)).toEqual(device)
  expect(token).toMatch(/^[\w-]{43}$/)
  for (const wrong of ['', token.slice(1), `${token}x`, device.id])
    expect(devices.find(wrong)).toBe(undefined)
  expect(readFileSync(file(), 'utf8')).not.toContain(token)
  expect(readFileSync(file(), 'utf8')).toMatch(/"tokenHash": "[0-9a-f]{64}"/)
  expect((statSync(file()).mode & 0o777).toString(8)).toBe('600')
  expect(readdirSync(folder)).toEqual(['devices.json'])
  const again = await openDevices(folder, now)
  expect(again.find(token)).toEqual(device)
})

test('one that was removed is gone for good, and said to be', async () => {
  const devices = await openDevices(folder, now)
  const one = (await devices.add('One'))!
  const two = (await devices.add('Two'))!
  const gone: string[] = []
  devices.watch((id) => gone.push(id))
  expect(await devices.remove(one.device.id)).toBe(true)
  expect(await devices.remove(one.device.id)).toBe(false)
  expect([devices.find(one.token), devices.find(two.token)]).toEqual([undefined, two.device])
  expect(gone).toEqual([one.device.id])
  expect((await openDevices(folder, now)).list).toEqual([two.device])
})

test('many at once are all written; more than fit are not let in', async () => {
  const devices = await openDevices(folder, now)
  const added = await Promise.all(Array.from({ length: 70 }, (_, i) => devices.add(`Phone ${i}`)))
  expect(added.filter(Boolean)).toHaveLength(64)
  expect((await openDevices(folder, now)).list).toHaveLength(64)
})

test('when one was last here is noted once a day, and one that stays away for a year is forgotten', async () => {
  const devices = await openDevices(folder, now)
  const { device, token } = (await devices.add('One'))!
  const away = (await devices.add('Two'))!
  expect(devices.see(device.id)).toBe(false)
  nowMs += DAY
  expect(devices.see(device.id)).toBe(true)
  expect(devices.see(device.id)).toBe(false)
  await devices[Symbol.asyncDispose]()
  nowMs += 364.5 * DAY
  const later = await openDevices(folder, now)
  expect(later.find(token)).toMatchObject({ lastSeenMs: device.lastSeenMs + DAY })
  expect(later.find(away.token)).toBe(undefined)
  nowMs += DAY
  expect(later.find(token)).toBe(undefined) // also while the server runs
})

test('servers that share a folder know the same devices', async () => {
  const here = await openDevices(folder, now)
  const there = await openDevices(folder, now)
  const gone: string[] = []
  here.watch((id) => gone.push(id))
  const one = (await here.add('One'))!
  const two = (await there.add('Two'))! // adds to what the other wrote
  const known = async (devices: typeof here, token: string) => {
    nowMs += 1000
    devices.find('looks at the file')
    await devices[Symbol.asyncDispose]()
    return devices.find(token)?.name
  }
  expect(await known(here, two.token)).toBe('Two')
  expect(await known(there, one.token)).toBe('One')
  await there.remove(one.device.id)
  expect(await known(here, one.token)).toBe(undefined)
  expect(gone).toEqual([one.device.id])
})

test('a damaged list stops the start; a list that is damaged later leaves the devices as they were', async () => {
  const devices = await openDevices(folder, now)
  const { token } = (await devices.add('One'))!
  writeFileSync(file(), '[{"id":')
  const said = vi.spyOn(console, 'error').mockImplementation(() => {})
  nowMs += 1000
  devices.find(token)
  await devices[Symbol.asyncDispose]()
  expect(devices.find(token)).toBeDefined()
  expect(said).toHaveBeenCalledOnce()
  said.mockRestore()
  await expect(openDevices(folder, now)).rejects.toMatchObject({
    name: 'ConfigError',
    message: `${file()} is damaged. Remove it, and pair your devices again.`,
  })
})
