/** Files out of the library and onto the disk. Nothing is held in memory: browsers stream from one file to the other. */
const BETWEEN_MS = 400 // browsers drop downloads that are started all at once

/** Asks where to, if the browser can. Resolves with false when the person changed their mind. */
export async function saveFile(file: File): Promise<boolean> {
  if (!window.showSaveFilePicker) {
    startDownload(file, file.name)
    return true
  }
  return unlessCancelled(async () => {
    const handle = await window.showSaveFilePicker?.({ suggestedName: file.name })
    if (handle) await write(file, handle)
  })
}

/** Asks for a folder once, if the browser can; never overwrites what is in it. */
export async function saveFiles(files: readonly File[]): Promise<boolean> {
  const [only] = files
  if (only && files.length === 1) return saveFile(only)
  if (!window.showDirectoryPicker) {
    const given = new Set<string>()
    for (const file of files) {
      const free = freeName(file.name, given)
      given.add(free)
      startDownload(file, free)
      await new Promise((resolve) => setTimeout(resolve, BETWEEN_MS))
    }
    return true
  }
  return unlessCancelled(async () => {
    const folder = await window.showDirectoryPicker?.({ mode: 'readwrite' })
    if (!folder) return
    const taken = new Set<string>()
    for await (const name of folder.keys()) taken.add(name)
    for (const file of files) {
      const free = freeName(file.name, taken)
      taken.add(free)
      await write(file, await folder.getFileHandle(free, { create: true }))
    }
  })
}

/** The same name with a number, where one is there already. */
export function freeName(name: string, taken: ReadonlySet<string>): string {
  const dot = name.lastIndexOf('.')
  for (let i = 1; ; i++) {
    const free = i === 1 ? name : `${name.slice(0, dot)} (${i})${name.slice(dot)}`
    if (!taken.has(free)) return free
  }
}

async function write(file: File, to: FileSystemFileHandle): Promise<void> {
  await file.stream().pipeTo(await to.createWritable()) // a failure aborts it: no half file stays
}

function startDownload(file: File, name: string): void {
  const url = URL.createObjectURL(file)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The browser has opened the file long before.
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}

async function unlessCancelled(save: () => Promise<void>): Promise<boolean> {
  try {
    await save()
    return true
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return false
    throw error
  }
}
