/** Brings what was recorded and what the stand-in says to a form in which only what matters is left. */

// Times, numbers of the machine, insides of Python, and words that only explain.
const volatile = new Set([
  'timestamp',
  'create_time',
  'execution_start_time',
  'execution_end_time',
  'priority',
  'number',
  'sid',
  'traceback',
  'exception_type',
  'exception_message',
  'current_inputs',
  'current_outputs',
  'executed',
  'input_config',
  'fullpath',
  'pagination', // counts what was there before
])

/** `ids`: what a recorded id is called here. */
export function essence(value: unknown, ids: ReadonlyMap<string, string>, key = ''): unknown {
  if (volatile.has(key)) return '…'
  if (typeof value === 'string') return plain(value, ids)
  if (Array.isArray(value)) {
    const items = value.map((item) => essence(item, ids))
    // A queue item and the prompt of a history entry begin with their number.
    if (typeof value[0] === 'number' && typeof value[1] === 'string') items[0] = '…'
    // As many pictures as frames: one says it all.
    const isFiles = items.every((item) => typeof item === 'object' && item !== null && 'filename' in item)
    // Lists of nodes come from Python's sets.
    if (items.every((item) => typeof item === 'string')) return items.sort()
    return isFiles ? items.slice(0, 1) : items
  }
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, item]) => [ids.get(name) ?? name, essence(item, ids, name)] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  )
}

function plain(text: string, ids: ReadonlyMap<string, string>): string {
  return (ids.get(text) ?? text)
    .replace(/_\d{5}/g, '_N')
    .replace(/ComfyUI_temp_[a-z]+_/, 'ComfyUI_temp_x_')
    .replace(/ \(\d+\)/, '') // how often a name was taken before depends on what went before
    .replace(/ not in (\[.*\]|\(list of length \d+\))$/, ' not in […]')
    .replace(/^(\*\*\*\* ERROR: Saving image outside).*/s, '$1')
}
