import { expect, test } from 'vitest'
import { cameraChoice } from './camera-choice'

const settings = { cameraId: '', facing: 'user', size: 'auto', rate: 'auto' } as const
const gpu = { webgpu: { adapter: 'a', software: false }, compositor: 'webgpu' } as const
const software = { webgpu: { adapter: 'a', software: true }, compositor: 'webgpu' } as const

test('automatic asks for 720p only where a real GPU draws', () => {
  expect(cameraChoice(settings, gpu)).toMatchObject({ width: 1280, height: 720, fps: 30 })
  expect(cameraChoice(settings, software)).toMatchObject({ width: 640, height: 480 })
  expect(cameraChoice(settings, { ...gpu, compositor: 'cpu' })).toMatchObject({ width: 640, height: 480 })
  expect(cameraChoice(settings, undefined)).toMatchObject({ width: 640, height: 480 })
})

test('a choice is asked for as it is', () => {
  const chosen = { ...settings, size: '1920x1080', rate: '60', cameraId: 'c', facing: 'environment' } as const
  expect(cameraChoice(chosen, software)).toEqual({
    deviceId: 'c',
    facing: 'environment',
    width: 1920,
    height: 1080,
    fps: 60,
  })
})
