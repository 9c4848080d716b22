/** Whether something could not be kept because there is no room for it: that passes, and is waited for. */
export function isFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const { code } = error as NodeJS.ErrnoException // undefined where it has none
  return /^(DiskFull|DiskFullError|QuotaExceeded)$/.test(error.name) || code === 'ENOSPC' || code === 'EDQUOT'
}
