import { describe, expect, it } from 'vitest'
import { showing } from './loss'

describe('showing', () => {
  it('shows the frame when every face has its swap', () => {
    expect(showing('hide', 2, 0, true)).toBe('plain')
    expect(showing('freeze', 1, 0, false)).toBe('plain')
  })
  it('does as it is told when one of them is lost', () => {
    expect(showing('plain', 1, 1, true)).toBe('plain')
    expect(showing('hide', 1, 1, true)).toBe('hide')
    expect(showing('freeze', 1, 1, true)).toBe('freeze')
  })
  it('never shows the bare face before the first swap when it is to be hidden', () => {
    expect(showing('hide', 0, 0, false)).toBe('hide')
    expect(showing('freeze', 0, 0, false)).toBe('hide')
  })
})
