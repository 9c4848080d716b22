import { expect, test } from 'vitest'
import { engineInWords } from './engine-in-words'

const model = (provider: 'wasm' | 'webgpu') => ({ id: provider, task: '', provider, measuredMs: {} })

test('says what is in use, each provider once, and dashes for what is not known', () => {
  const models = [model('wasm'), model('wasm'), model('webgpu')]
  expect(engineInWords(undefined, undefined)).toBe('Mesh swap · – · –')
  expect(engineInWords(undefined, { compositor: 'webgpu', models })).toBe(
    'Mesh swap · WebGPU · WASM + WebGPU',
  )
  expect(engineInWords({ engine: 'inswapper', compositor: 'cpu' }, { compositor: 'webgpu', models })).toBe(
    'inswapper · CPU · WASM + WebGPU',
  )
})
