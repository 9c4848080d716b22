import { hostname, networkInterfaces } from 'node:os'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { lanAddresses, openHostCheck, ownNames } from './names'

vi.mock('node:os', { spy: true })
afterEach(() => vi.resetAllMocks())

function machine(name: string, cards: Record<string, [address: string, internal?: boolean][]>) {
  vi.mocked(hostname).mockReturnValue(name)
  const entries = Object.entries(cards).map(([card, addresses]) => [
    card,
    addresses.map(([address, internal = false]) => ({
      address,
      internal,
      family: address.includes(':') ? 'IPv6' : 'IPv4',
    })),
  ])
  vi.mocked(networkInterfaces).mockReturnValue(Object.fromEntries(entries))
}

const home = {
  lo: [['127.0.0.1', true]] as [string, boolean][],
  docker0: [['172.17.0.1']] as [string][],
  tun0: [['100.64.1.2']] as [string][],
  eth0: [['8.8.4.4'], ['fe80::1'], ['2001:db8::7']] as [string][],
  wlan0: [['192.168.1.5']] as [string][],
}

describe('addresses', () => {
  test('come in the order in which a phone finds them, without those of this machine alone', () => {
    machine('studio', home)
    expect(lanAddresses('0.0.0.0')).toEqual(['192.168.1.5', '8.8.4.4', '172.17.0.1', '100.64.1.2'])
    expect(lanAddresses('::')).toContain('2001:db8::7')
    expect(lanAddresses('::')).not.toContain('fe80::1')
  })

  test('are the one that was asked for', () => {
    machine('studio', home)
    expect(lanAddresses('8.8.4.4')).toEqual(['8.8.4.4'])
    expect(lanAddresses('127.0.0.1')).toEqual([])
    expect(lanAddresses('studio.lan')).toEqual([])
  })
})

test.each([
  ['studio', ['studio', 'studio.local']],
  ['Studio.local', ['studio', 'studio.local']],
  ['studio.home.example', ['studio', 'studio.local', 'studio.home.example']],
  ['Anna’s iMac', []],
  ['localhost', []],
  ['', []],
])('the names of a machine called "%s"', (name, names) => {
  machine(name, {})
  expect(ownNames()).toEqual(names)
})

describe('the check of Host', () => {
  test('knows the machine and its certificate, and nothing that merely looks alike', () => {
    machine('studio', home)
    const isOurs = openHostCheck('0.0.0.0', ['me.example', '*.home.example'])
    const ours = ['localhost', '127.0.0.1', '[::1]', '192.168.1.5', 'studio', 'STUDIO.local', 'studio.local.']
    for (const name of [...ours, 'me.example', 'a.home.example'])
      expect([name, isOurs(name)]).toEqual([name, true])
    const foreign = [
      'evil.example',
      '192.168.1.6',
      '0.0.0.0',
      'home.example',
      'a.b.home.example',
      '.home.example',
    ]
    for (const name of [...foreign, 'xstudio.local', 'studio.local.evil.example', '']) {
      expect([name, isOurs(name)]).toEqual([name, false])
    }
  })

  test('learns a new address of the machine', () => {
    machine('studio', home)
    let nowMs = 0
    const isOurs = openHostCheck('0.0.0.0', [], () => nowMs)
    expect(isOurs('10.0.0.9')).toBe(false)
    machine('studio', { wlan0: [['10.0.0.9']] })
    nowMs += 5000
    expect([isOurs('10.0.0.9'), isOurs('192.168.1.5')]).toEqual([true, false])
  })
})
