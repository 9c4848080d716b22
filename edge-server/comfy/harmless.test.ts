import { expect, test } from 'vitest'
import { harmless } from './harmless'

test.each([
  // 05_exec_error
  [
    "[Errno 1094995529] Invalid data found when processing input: '/srv/ComfyUI/input/garbage.mp4'\n",
    "[Errno 1094995529] Invalid data found when processing input: 'garbage.mp4'",
  ],
  ['No such file: /home/ann/ComfyUI/models/vae/wan 2.1.safetensors', 'No such file: … 2.1.safetensors'],
  ["cannot open 'C:\\Users\\Ann Lee\\secret folder'", "cannot open '…'"],
  ['C:\\ComfyUI\\custom_nodes\\thing.py failed', 'thing.py failed'],
  // 19_video_subfolder
  [
    '**** ERROR: Saving image outside the output folder is not allowed.\n full_output_folder: /srv\n',
    '**** ERROR: Saving image outside the output folder is not allowed.',
  ],
  ['got <comfy_api.VideoFromFile object at 0x7fc591b4e850>', 'got …'],
  ['Input 1/2 of sub/name.mp4 is 16:9', 'Input 1/2 of sub/name.mp4 is 16:9'],
  ['', ''],
])('%j', (message, shown) => expect(harmless(message)).toBe(shown))

test('is never long, and quick with what is made to be slow', () => {
  expect(harmless('a'.repeat(100_000))).toHaveLength(300)
  const start = performance.now()
  for (const hostile of [
    "'/".repeat(50_000),
    '/a'.repeat(50_000),
    '<'.repeat(100_000),
    'C:\\'.repeat(30_000),
  ])
    harmless(hostile)
  expect(performance.now() - start).toBeLessThan(2000)
})
