import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openFiles } from './open-files'

test('keeps the same bytes once and gives them back', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'files-'))
  const files = await openFiles(folder, { quotaBytes: 1e9 })
  const png = new Uint8Array(3_000_000)
  png.set([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10])
  const add = () =>
    files.add(
      { stream: new Blob([png]).stream(), name: '../x.html', accept: ['image'], maxBytes: 1e7 },
      AbortSignal.timeout(10_000),
    )
  const a = await add()
  expect(a).toMatchObject({ isNew: true, name: 'x.html.png' })
  expect(await add()).toMatchObject({ isNew: false })
  expect(Buffer.from(await new Response(files.read(a.id)).arrayBuffer()).equals(png)).toBe(true)
  expect(await files.usage()).toBe(3_000_000)
  await rm(folder, { recursive: true })
})
