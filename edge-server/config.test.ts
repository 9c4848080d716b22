import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Config, isLoopback, parseConfig, usage } from './config'

const parse = (args: string[], env: Record<string, string> = {}) => parseConfig(args, env) as Config
function refusal(args: string[], env: Record<string, string> = {}): Error {
  try {
    parseConfig(args, env)
  } catch (error) {
    return error as Error
  }
  throw new Error('It was not refused.')
}

describe('parseConfig', () => {
  test('without arguments: this machine only, the usual port and folder, no box', () => {
    expect(parse([])).toEqual({
      port: 4173,
      host: '127.0.0.1',
      open: false,
      lan: undefined,
      dataFolder: join(homedir(), '.understudy'),
      boxes: [],
      redisUrl: undefined,
      languageModel: undefined,
      limits: {
        maxImageBytes: 32 * 2 ** 20,
        maxVideoBytes: 2 * 2 ** 30,
        quotaBytes: 100 * 2 ** 30,
        deviceDayBytes: 20 * 2 ** 30,
      },
      retention: { keepMs: 30 * 86_400_000, keepBytes: 50 * 2 ** 30 },
    })
  })

  test('reads all options', () => {
    const args = ['--port', '0', '--host=10.0.0.5', '--open', '--lan', '--data', 'some/folder']
    expect(parse([...args, '--cert', 'a.pem', '--key', '/b.pem'])).toMatchObject({
      port: 0,
      host: '10.0.0.5',
      open: true,
      lan: { certificate: { certFile: resolve('a.pem'), keyFile: '/b.pem' } },
      dataFolder: resolve('some/folder'),
    })
    expect(parse(['--lan'])).toMatchObject({ host: '0.0.0.0', lan: { certificate: undefined } })
    expect(parseConfig(['--help'], {})).toBe('help')
  })

  test('reads the whole environment', () => {
    const config = parse([], {
      COMFYUI_URLS: ' http://192.168.1.20:8188/ , attic=https://gpu.example/comfy/,',
      COMFYUI_CONCURRENCY: '3',
      REDIS_URL: 'redis://:secret@queue:6379/2',
      UNDERSTUDY_DATA: '/srv/understudy',
      UNDERSTUDY_LLM_URL: 'http://127.0.0.1:11434/v1',
      UNDERSTUDY_LLM_MODEL: 'small',
      UNDERSTUDY_LLM_KEY: 'sk-1',
      UNDERSTUDY_MAX_IMAGE_MB: '1.5',
      UNDERSTUDY_MAX_VIDEO_MB: '10',
      UNDERSTUDY_QUOTA_GB: '0.5',
      UNDERSTUDY_DEVICE_GB: '2',
      UNDERSTUDY_KEEP_DAYS: '7',
      UNDERSTUDY_KEEP_GB: '1',
    })
    expect(config).toMatchObject({
      boxes: [
        { name: '192.168.1.20:8188', url: 'http://192.168.1.20:8188', concurrency: 3 },
        { name: 'attic', url: 'https://gpu.example/comfy', concurrency: 3 },
      ],
      redisUrl: 'redis://:secret@queue:6379/2',
      dataFolder: '/srv/understudy',
      languageModel: { url: 'http://127.0.0.1:11434/v1', model: 'small', key: 'sk-1' },
      limits: { maxImageBytes: 1_572_864, maxVideoBytes: 10_485_760, quotaBytes: 2 ** 29 },
      retention: { keepMs: 7 * 86_400_000, keepBytes: 2 ** 30 },
    })
    expect(config.limits.deviceDayBytes).toBe(2 ** 31)
  })

  test('a flag wins over the environment; a variable set to nothing is not set', () => {
    const empty = { COMFYUI_URLS: '', REDIS_URL: ' ', UNDERSTUDY_KEEP_DAYS: '', UNDERSTUDY_DATA: '/env' }
    expect(parse(['--data', '/flag'], empty)).toMatchObject({ dataFolder: '/flag', boxes: [] })
    // What belongs to flags cannot come from the environment.
    expect(parse([], { port: '1', lan: 'true' } as Record<string, string>)).toMatchObject({ lan: undefined })
  })

  test.each<[string[], string]>([
    [['--port', 'abc'], '--port wants a whole number from 0 to 65535, not "abc".'],
    [['--port', '70000'], '--port wants a whole number from 0 to 65535, not "70000".'],
    [['--port=-1'], '--port wants a whole number from 0 to 65535, not "-1".'],
    [['--port='], '--port wants a whole number from 0 to 65535, not "".'],
    [['--host', ''], '--host wants an address, such as 127.0.0.1 or localhost.'],
    [['--data', ''], '--data wants a folder.'],
    [['--prot', '1'], "Unknown option '--prot'. Try --help."],
    [['4173'], "Unexpected argument '4173'. Try --help."],
    [
      ['--host', '0.0.0.0'],
      '--host 0.0.0.0 would let anybody in: add --lan, which lets in paired devices only.',
    ],
    [['--cert', 'a', '--key', 'b'], '--cert and --key are for --lan: add it.'],
    [['--lan', '--cert', 'a'], '--cert and --key go together: give both, or neither.'],
  ])('%j: %s', (args, sentence) => {
    expect(refusal(args)).toMatchObject({ name: 'ConfigError', message: sentence })
  })

  test.each<[Record<string, string>, string]>([
    [{ COMFYUI_URLS: 'gpu-box:8188' }, 'Each entry of COMFYUI_URLS wants an address like'],
    [{ COMFYUI_URLS: 'http://a:1,ftp://b' }, 'Each entry of COMFYUI_URLS wants an address like'],
    [{ COMFYUI_URLS: 'http://a:1/?x=1' }, 'without "?" and "#"'],
    [{ COMFYUI_URLS: 'my box=http://a:1' }, 'A name in COMFYUI_URLS has up to 40 letters'],
    [{ COMFYUI_URLS: '=http://a:1' }, 'A name in COMFYUI_URLS has up to 40 letters'],
    [{ COMFYUI_URLS: 'http://a:1,http://a:1/' }, 'Two boxes in COMFYUI_URLS have the same name'],
    [{ COMFYUI_CONCURRENCY: '0' }, 'COMFYUI_CONCURRENCY wants a whole number from 1 to 64, not "0".'],
    [{ COMFYUI_CONCURRENCY: '1.5' }, 'COMFYUI_CONCURRENCY wants a whole number from 1 to 64, not "1.5".'],
    [{ REDIS_URL: 'http://queue' }, 'REDIS_URL wants an address like redis://127.0.0.1:6379.'],
    [{ UNDERSTUDY_LLM_URL: 'localhost' }, 'UNDERSTUDY_LLM_URL wants an address like'],
    [{ UNDERSTUDY_LLM_URL: 'http://a' }, 'UNDERSTUDY_LLM_URL needs UNDERSTUDY_LLM_MODEL'],
    [{ UNDERSTUDY_MAX_VIDEO_MB: '2GB' }, 'UNDERSTUDY_MAX_VIDEO_MB wants a number from 1 to 1000000'],
    [{ UNDERSTUDY_KEEP_DAYS: '-1' }, 'UNDERSTUDY_KEEP_DAYS wants a number from 0.01 to 100000'],
  ])('%j: %s', (env, sentence) => {
    const error = refusal([], env)
    expect(error.name).toBe('ConfigError')
    expect(error.message).toContain(sentence)
  })

  test.each([
    { COMFYUI_URLS: 'htp://me:hunter2@gpu' },
    { COMFYUI_URLS: 'http://me:hunter2@gpu?' },
    { COMFYUI_URLS: 'a b=http://me:hunter2@gpu' },
    { COMFYUI_URLS: 'http://me:hunter2@gpu,http://you:hunter2@gpu' },
    { REDIS_URL: 'reddis://:hunter2@queue' },
    { UNDERSTUDY_LLM_URL: 'ollama:hunter2' },
  ])('a mistake never repeats a secret: %j', (env) => {
    expect(refusal([], env as Record<string, string>).message).not.toContain('hunter2')
  })
})

test('the usage text names every flag and variable, and fits a terminal', () => {
  for (const flag of ['port', 'host', 'lan', 'cert', 'key', 'data', 'open', 'help']) {
    expect(usage).toContain(`--${flag}`)
  }
  for (const name of ['COMFYUI_URLS', 'COMFYUI_CONCURRENCY', 'REDIS_URL', 'LLM_URL', 'LLM_MODEL', 'LLM_KEY'])
    expect(usage).toContain(name)
  for (const name of [
    'DATA',
    'MAX_IMAGE_MB',
    'MAX_VIDEO_MB',
    'QUOTA_GB',
    'DEVICE_GB',
    'KEEP_DAYS',
    'KEEP_GB',
  ])
    expect(usage).toContain(`UNDERSTUDY_${name}`)
  expect(Math.max(...usage.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100)
})

test('isLoopback knows the names of this machine', () => {
  expect(
    ['localhost', 'LOCALHOST', 'a.localhost', '127.0.0.1', '127.9.9.9', '::1', '[::1]'].every(isLoopback),
  ).toBe(true)
  expect(
    ['0.0.0.0', '::', '10.0.0.1', 'localhost.evil.example', '127.evil.example', ''].some(isLoopback),
  ).toBe(false)
})
