/** A device in a few words, from what its browser says of itself: "Safari on iPhone". */

const BROWSERS = [
  ['Edge', /\bEdg(e|A|iOS)?\//],
  ['Samsung Internet', /\bSamsungBrowser\//],
  ['Opera', /\b(OPR|OPT)\//],
  ['Firefox', /\b(Firefox|FxiOS)\//],
  ['Chrome', /\b(Chrome|CriOS|Chromium)\//],
  ['Safari', /\bSafari\//],
] as const

const MACHINES = [
  ['iPhone', /\biPhone\b/],
  ['iPad', /\biPad\b/],
  ['Android', /\bAndroid\b/],
  ['ChromeOS', /\bCrOS\b/],
  ['Windows', /\bWindows\b/],
  ['Mac', /\bMac(intosh| OS X)\b/],
  ['Linux', /\bLinux\b/],
] as const

export function deviceName(userAgent: string | undefined): string {
  const find = (table: typeof BROWSERS | typeof MACHINES) =>
    table.find(([, sign]) => sign.test(userAgent ?? ''))?.[0]
  const browser = find(BROWSERS)
  const machine = find(MACHINES)
  if (browser && machine) return `${browser} on ${machine}`
  return browser ?? machine ?? 'A device'
}
