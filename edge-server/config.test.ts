import { describe, expect, test } from 'vitest'
import { isLoopback, parseConfig } from './config'

describe('parseConfig', () => {
  test('without arguments: this machine only, the usual port', () => {
    expect(parseConfig([])).toEqual({ port: 4173, host: '127.0.0.1', open: false })
  })

  test('reads all options', () => {
    const config = parseConfig(['--port', '0', '--host=0.0.0.0', '--open'])
    expect(config).toEqual({ port: 0, host: '0.0.0.0', open: true })
    expect(parseConfig(['--help'])).toBe('help')
  })

  test.each([
    [['--port', 'abc'], '--port wants a number from 0 to 65535, not "abc".'],
    [['--port', '70000'], '--port wants a number from 0 to 65535, not "70000".'],
    [['--port=-1'], '--port wants a number from 0 to 65535, not "-1".'],
    [['--host', ''], '--host wants an address, such as 127.0.0.1 or 0.0.0.0.'],
    [['--prot', '1'], "Unknown option '--prot'. Try --help."],
    [['4173'], "Unexpected argument '4173'. Try --help."],
  ])('%j: %s', (args, sentence) => {
    expect(() => parseConfig(args)).toThrow(expect.objectContaining({ name: 'ConfigError' }))
    expect(() => parseConfig(args)).toThrow(sentence)
  })
})

test('isLoopback knows the names of this machine', () => {
  expect(
    ['localhost', 'LOCALHOST', 'a.localhost', '127.0.0.1', '127.9.9.9', '::1', '[::1]'].every(isLoopback),
  ).toBe(true)
  expect(
    ['0.0.0.0', '::', '10.0.0.1', 'localhost.evil.example', '127.evil.example', ''].some(isLoopback),
  ).toBe(false)
})
