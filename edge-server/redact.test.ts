import { afterEach, expect, test, vi } from 'vitest'
import { type Config, parseConfig } from './config'
import { redact, redactLogs, secretsOf } from './redact'

const config = parseConfig([], {
  COMFYUI_URLS: 'http://me:hunter2@gpu:8188,attic=http://10.0.0.7:8188',
  REDIS_URL: 'redis://:p%40ss-w0rd@queue:6379',
  UNDERSTUDY_LLM_URL: 'http://127.0.0.1:11434/v1',
  UNDERSTUDY_LLM_MODEL: 'small',
  UNDERSTUDY_LLM_KEY: 'sk-9f8e7d6c',
}) as Config

afterEach(() => vi.restoreAllMocks())

test.each([
  ['connect ECONNREFUSED redis://:hunter2@queue:6379', 'connect ECONNREFUSED redis://…@queue:6379'],
  ['http://me:hun@ter2@gpu:8188/prompt failed', 'http://…@gpu:8188/prompt failed'],
  ['Authorization: Bearer hunter2 and more', 'Authorization: …'],
  ["{ headers: { authorization: 'Bearer hunter2' } }", '{ headers: { authorization: …'],
  ['sent Bearer hunter2hunter2 to it', 'sent Bearer … to it'],
  ['cookie: a=1; __Host-understudy=hunter2', 'cookie: …'],
  ['got __Host-understudy=hunter2; Path=/', 'got __Host-understudy=…; Path=/'],
  ['https://192.168.1.5:4173/pair#hunter2', 'https://192.168.1.5:4173/pair#…'],
  ['{"code":"hunter2-hunter2-hunter"}', '{"code":"…"}'],
  ['UNDERSTUDY_LLM_KEY=hunter2 is wrong', 'UNDERSTUDY_LLM_KEY=… is wrong'],
  ['password=hunter2&x=1', 'password=…&x=1'],
])('%s', (text, shown) => {
  expect(redact(text)).toBe(shown)
})

test('leaves the rest as it is', () => {
  const text = `TypeError: no such box "attic" { code: 'ECONNREFUSED' } at http://10.0.0.7:8188/view?filename=a.png`
  expect(redact(text, secretsOf(config))).toBe(text)
})

test('known secrets go wherever they stand, encoded or not', () => {
  expect(secretsOf(config)).toEqual(['hunter2', 'p%40ss-w0rd', 'p@ss-w0rd', 'sk-9f8e7d6c'])
  const text = 'AUTH p@ss-w0rd refused; key sk-9f8e7d6c; user hunter2; p%40ss-w0rd'
  expect(redact(text, secretsOf(config))).toBe('AUTH … refused; key …; user …; …')
})

test('the log of the process is without secrets, in errors and their causes too', () => {
  const written: string[] = []
  vi.spyOn(console, 'error').mockImplementation((...told) => void written.push(told.join(' ')))
  vi.spyOn(console, 'warn').mockImplementation((...told) => void written.push(told.join(' ')))
  redactLogs(config)
  const cause = Object.assign(new Error('AUTH p@ss-w0rd'), { url: 'redis://:hunter2@queue' })
  console.error('It failed.', new Error('Asking http://me:hunter2@gpu:8188 failed', { cause }))
  console.warn('%s', 'sk-9f8e7d6c')
  expect(written.join('\n')).toContain('Asking http://…@gpu:8188 failed')
  expect(written.join('\n')).not.toMatch(/hunter2|w0rd|9f8e/)
})
