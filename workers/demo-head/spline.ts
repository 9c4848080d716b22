/** A smooth curve through rows of numbers (Catmull–Rom), one row per whole `at`; the ends are met exactly. */
export function spline(rows: readonly (readonly number[])[], at: number): number[] {
  const i = Math.max(0, Math.min(rows.length - 2, Math.floor(at)))
  const f = at - i
  const row = (j: number): readonly number[] =>
    rows[Math.max(0, Math.min(rows.length - 1, j))] as readonly number[]
  const [a, b, c, d] = [row(i - 1), row(i), row(i + 1), row(i + 2)]
  return b.map((pb, axis) => {
    const [pa, pc, pd] = [a[axis] as number, c[axis] as number, d[axis] as number]
    return (
      0.5 *
      (2 * pb +
        (pc - pa) * f +
        (2 * pa - 5 * pb + 4 * pc - pd) * f * f +
        (3 * pb - pa - 3 * pc + pd) * f ** 3)
    )
  })
}
