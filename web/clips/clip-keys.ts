import { onCleanup } from 'solid-js'
import type { Shortcut } from '../studio/shortcuts'
import { belongsTo } from '../studio/shortcuts'
import type { Understudy } from '../understudy'
import type { Clips } from './clips'

type ClipKey = Omit<Shortcut, 'press' | 'release'> & {
  readonly press: (clips: Clips, event: KeyboardEvent, understudy: Understudy) => unknown
  readonly release?: (clips: Clips) => unknown
  /** Held down it goes on. */
  readonly repeats?: boolean
}

/** Every key of the clip page: what the handler obeys while it is shown, and the help sheet shows. */
export const CLIP_KEYS: readonly ClipKey[] = [
  { keys: [' '], shown: 'Space', does: 'Play or pause', press: ({ togglePlay }) => togglePlay() },
  {
    keys: ['arrowleft'],
    shown: '←',
    does: 'One frame back; with Shift one second',
    repeats: true,
    press: ({ stepBy }, { shiftKey }) => stepBy(shiftKey ? { seconds: -1 } : { frames: -1 }),
  },
  {
    keys: ['arrowright'],
    shown: '→',
    does: 'One frame on; with Shift one second',
    repeats: true,
    press: ({ stepBy }, { shiftKey }) => stepBy(shiftKey ? { seconds: 1 } : { frames: 1 }),
  },
  { keys: ['home'], shown: 'Home', does: 'To the beginning', press: ({ toStart }) => toStart() },
  { keys: ['end'], shown: 'End', does: 'To the end', press: ({ toEnd }) => toEnd() },
  { keys: ['i'], shown: 'I', does: 'Begin here', press: ({ beginHere }) => beginHere() },
  { keys: ['o'], shown: 'O', does: 'End here', press: ({ endHere }) => endHere() },
  {
    keys: ['b'],
    shown: 'B',
    does: 'Hold to see it as it was filmed',
    press: ({ viewer }) => viewer.compare(true),
    release: ({ viewer }) => viewer.compare(false),
  },
  {
    keys: ['d'],
    shown: 'D',
    does: 'Split into before and after',
    press: ({ viewer }) => viewer.setSplit(viewer.state.split === undefined ? 0.5 : undefined),
  },
  {
    keys: ['1', '2', '3', '4', '5', '6', '7', '8', '9'],
    shown: '1 – 9',
    does: 'Use that character',
    press: (_clips, { key }, { sources }) => {
      const card = sources.state.cards[Number(key) - 1]
      return card && sources.use(card.id)
    },
  },
  { keys: ['0'], shown: '0', does: 'No character', press: (_clips, _event, { sources }) => sources.use('') },
  {
    keys: ['?'],
    shown: '?',
    does: 'This sheet',
    press: (_clips, _event, { showPanel }) => showPanel('help'),
  },
]

/** Obeys the keys while the page is shown, but never while someone types, has a dialog open or means a browser command. */
export function createClipKeys(clips: Clips, understudy: Understudy): void {
  const isShown = () => understudy.navigation.page() === 'clip'
  const find = ({ key }: KeyboardEvent) => CLIP_KEYS.find(({ keys }) => keys.includes(key.toLowerCase()))
  const down = (event: KeyboardEvent) => {
    const found = find(event)
    if (!found || !isShown() || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey)
      return
    if ((event.repeat && !found.repeats) || belongsTo(event.target, event.key)) return
    if (document.querySelector('dialog[open]')) return
    event.preventDefault()
    Promise.resolve(found.press(clips, event, understudy)).catch(clips.complain)
  }
  const up = (event: KeyboardEvent) => find(event)?.release?.(clips)
  const blurred = () => clips.viewer.compare(false) // the release goes to another window

  window.addEventListener('keydown', down)
  window.addEventListener('keyup', up)
  window.addEventListener('blur', blurred)
  onCleanup(() => {
    window.removeEventListener('keydown', down)
    window.removeEventListener('keyup', up)
    window.removeEventListener('blur', blurred)
  })
}
