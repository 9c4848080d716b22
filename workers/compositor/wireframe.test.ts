import { expect, it } from 'vitest'
import { meshEdges } from './wireframe'

it('lists every side of the triangles once, smaller point first', () => {
  // Two triangles that share the side 1–2, and a flat one.
  expect([...meshEdges([0, 1, 2, 2, 1, 3, 3, 3, 0])]).toEqual([0, 1, 1, 2, 0, 2, 1, 3, 2, 3, 0, 3])
})

it('has no lines without triangles', () => {
  expect(meshEdges([])).toHaveLength(0)
})
