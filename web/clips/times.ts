/** Times as an editor reads them: 0:03.48, 12:05.00, 1:02:03.40. Of a clip they count from its first frame. */
export function timecode(seconds: number): string {
  const hundredths = Math.max(0, Math.round(seconds * 100))
  return `${clock(Math.floor(hundredths / 100))}.${pad(hundredths % 100)}`
}

/** 0:03, 12:05, 1:02:03 */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  const hours = Math.floor(whole / 3600)
  const minutes = Math.floor(whole / 60) % 60
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(whole % 60)}` : `${minutes}:${pad(whole % 60)}`
}

/** A duration in words that does not pretend to be exact: 'a few seconds', 'about 40 s', 'about 3 min', 'about 1 h 20 min'. */
export function roughly(seconds: number): string {
  if (seconds < 4) return 'a few seconds'
  if (seconds < 55) return `about ${Math.ceil(seconds / 5) * 5} s`
  const minutes = Math.max(1, Math.round(seconds / 60))
  if (minutes < 60) return `about ${minutes} min`
  const rest = Math.round((minutes % 60) / 10) * 10
  const hours = Math.floor(minutes / 60) + (rest === 60 ? 1 : 0)
  return rest % 60 === 0 ? `about ${hours} h` : `about ${hours} h ${rest} min`
}

/** What a screen reader says for a moment: '1 minute 3.5 seconds'. */
export function spoken(seconds: number): string {
  const minutes = Math.floor(seconds / 60)
  const rest = (seconds - 60 * minutes).toFixed(1)
  return minutes > 0
    ? `${minutes} ${minutes === 1 ? 'minute' : 'minutes'} ${rest} seconds`
    : `${rest} seconds`
}

/** 940 kB, 8.2 MB, 1.4 GB */
export function size(bytes: number): string {
  if (bytes < 1e6) return `${Math.max(1, Math.round(bytes / 1e3))} kB`
  if (bytes < 1e9) return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`
  return `${(bytes / 1e9).toFixed(1)} GB`
}

const pad = (number: number) => String(number).padStart(2, '0')
