import { createStore } from 'solid-js/store'
import { DEFAULT_LOOK } from '../../workers/studio/look'
import { database } from '../storage/db'
import { parseSettings, type Settings, type StoredLook } from './schema'

const KEY = 'settings'
const WRITE_AFTER_MS = 250
/** A copy that can be read before the first paint, as IndexedDB cannot. */
const THEME_KEY = 'understudy.theme'

/** What is remembered between visits. Changes show at once and are written shortly after. */
export function createSettings(onProblem: (error: unknown) => void) {
  const [settings, setSettings] = createStore<Settings>(parseSettings({ theme: readTheme() }))
  let timer = 0

  const write = async () => {
    timer = 0
    try {
      await (await database()).put(
        'settings',
        structuredClone({ ...settings, look: { ...settings.look } }),
        KEY,
      )
    } catch (error) {
      onProblem(error)
    }
  }
  const writeSoon = () => {
    timer ||= window.setTimeout(write, WRITE_AFTER_MS)
  }
  // A tab that is put away may never run again.
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden || !timer) return
    clearTimeout(timer)
    void write()
  })

  const change = (changes: Partial<Omit<Settings, 'look'>>) => {
    setSettings(changes)
    if (changes.theme) showTheme(changes.theme)
    writeSoon()
  }
  const changeLook = (changes: Partial<StoredLook>) => {
    setSettings('look', changes)
    writeSoon()
  }
  const resetLook = () => changeLook(parseSettings({}).look)

  showTheme(settings.theme)
  const loaded = database()
    .then((db) => db.get('settings', KEY))
    .then((stored) => {
      const found = parseSettings(stored)
      setSettings(found)
      showTheme(found.theme)
    })
    .catch(onProblem)

  return { settings, loaded, change, changeLook, resetLook, defaults: DEFAULT_LOOK }
}

export type SettingsStore = ReturnType<typeof createSettings>

function readTheme(): unknown {
  try {
    return localStorage.getItem(THEME_KEY)
  } catch {
    return undefined // storage is off: the dark theme it is
  }
}

function showTheme(theme: Settings['theme']): void {
  document.documentElement.dataset.theme = theme
  try {
    localStorage.setItem(THEME_KEY, theme)
  } catch {
    // storage is off: the theme is right until the page closes
  }
}
