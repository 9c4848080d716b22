import { onCleanup } from 'solid-js'
import { fullScreen, pictureInPicture } from '../output/windows'
import type { Understudy } from '../understudy'

export interface Shortcut {
  /** As `KeyboardEvent.key` has it, lower case. */
  readonly keys: readonly string[]
  /** How the help sheet writes it. */
  readonly shown: string
  readonly does: string
  readonly press: (understudy: Understudy, key: string) => unknown
  readonly release?: (understudy: Understudy) => unknown
}

const nudge = ({ settings }: Understudy, by: number) =>
  settings.changeLook({ opacity: Math.min(1, Math.max(0, settings.settings.look.opacity + by)) })

/** Every key of the live page: what the handler obeys while it is shown, and the help sheet shows. */
export const SHORTCUTS: readonly Shortcut[] = [
  { keys: [' '], shown: 'Space', does: 'Start or stop', press: ({ toggle }) => toggle() },
  { keys: ['s'], shown: 'S', does: 'Save a snapshot', press: ({ saveSnapshot }) => saveSnapshot() },
  {
    keys: ['r'],
    shown: 'R',
    does: 'Record, or end the recording',
    press: ({ recorder }) => recorder.toggle(),
  },
  {
    keys: ['b'],
    shown: 'B',
    does: 'Hold to see the picture before',
    press: ({ studio }) => studio.compare(true),
    release: ({ studio }) => studio.compare(false),
  },
  {
    keys: ['d'],
    shown: 'D',
    does: 'Split into before and after',
    press: ({ studio }) => studio.setSplit(studio.state.split === undefined ? 0.5 : undefined),
  },
  {
    keys: ['m'],
    shown: 'M',
    does: 'Mirror',
    press: ({ settings }) => settings.changeLook({ mirror: !settings.settings.look.mirror }),
  },
  {
    keys: ['g'],
    shown: 'G',
    does: 'Show the mesh',
    press: ({ studio }) => studio.setShowMesh(!studio.state.showMesh),
  },
  { keys: ['['], shown: '[', does: 'Less opacity', press: (understudy) => nudge(understudy, -0.05) },
  { keys: [']'], shown: ']', does: 'More opacity', press: (understudy) => nudge(understudy, 0.05) },
  {
    keys: ['1', '2', '3', '4', '5', '6', '7', '8', '9'],
    shown: '1 – 9',
    does: 'Use that character',
    press: ({ sources }, key) => {
      const card = sources.state.cards[Number(key) - 1]
      return card && sources.use(card.id)
    },
  },
  { keys: ['0'], shown: '0', does: 'No character', press: ({ sources }) => sources.use('') },
  { keys: ['f'], shown: 'F', does: 'Full screen', press: () => fullScreen() },
  {
    keys: ['p'],
    shown: 'P',
    does: 'Picture in picture',
    press: ({ studio }) => pictureInPicture(studio.output),
  },
  {
    keys: ['i'],
    shown: 'I',
    does: 'Show or hide the inspector',
    press: ({ showInspector }) => showInspector((open) => !open),
  },
  { keys: ['?'], shown: '?', does: 'This sheet', press: ({ showPanel }) => showPanel('help') },
]

/** Obeys the keys, but never while someone types, has a dialog open or means a browser command. */
export function createShortcuts(understudy: Understudy): void {
  const find = ({ key }: KeyboardEvent) => SHORTCUTS.find(({ keys }) => keys.includes(key.toLowerCase()))

  const down = (event: KeyboardEvent) => {
    const shortcut = find(event)
    if (understudy.navigation.page() !== 'live') return
    if (!shortcut || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return
    if (belongsTo(event.target, event.key) || document.querySelector('dialog[open]')) return
    event.preventDefault()
    Promise.resolve(shortcut.press(understudy, event.key)).catch(understudy.complain)
  }
  const up = (event: KeyboardEvent) => find(event)?.release?.(understudy)
  const blurred = () => understudy.studio.compare(false) // the release goes to another window

  window.addEventListener('keydown', down)
  window.addEventListener('keyup', up)
  window.addEventListener('blur', blurred)
  onCleanup(() => {
    window.removeEventListener('keydown', down)
    window.removeEventListener('keyup', up)
    window.removeEventListener('blur', blurred)
  })
}

/** Whether the focused control has a use for this key itself. */
export function belongsTo(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (
    target.isContentEditable ||
    target.closest('textarea, select, input:not([type=range], [type=checkbox], [type=radio])')
  ) {
    return true
  }
  if (/^(Arrow|Home$|End$)/.test(key))
    return target.closest('input, [role=slider]:not(.film), [role=tab]') !== null
  return key === ' ' && target.closest('button, input, summary, a, [role=slider]:not(.film)') !== null
}
