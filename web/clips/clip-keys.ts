import { createKeys, type Shortcut } from '../ui/keys'
import type { Understudy } from '../understudy'
import type { Clips } from './clips'

/** The clip page within the whole page. */
interface ClipPage {
  readonly clips: Clips
  readonly understudy: Understudy
}

/** Every key of the clip page: what the handler obeys while it is shown, and the help sheet shows. */
export const CLIP_KEYS: readonly Shortcut<ClipPage>[] = [
  { keys: [' '], shown: 'Space', does: 'Play or pause', press: ({ clips: { togglePlay } }) => togglePlay() },
  {
    keys: ['arrowleft'],
    shown: '←',
    does: 'One frame back; with Shift one second',
    repeats: true,
    press: ({ clips: { stepBy } }, { shiftKey }) => stepBy(shiftKey ? { seconds: -1 } : { frames: -1 }),
  },
  {
    keys: ['arrowright'],
    shown: '→',
    does: 'One frame on; with Shift one second',
    repeats: true,
    press: ({ clips: { stepBy } }, { shiftKey }) => stepBy(shiftKey ? { seconds: 1 } : { frames: 1 }),
  },
  { keys: ['home'], shown: 'Home', does: 'To the beginning', press: ({ clips: { toStart } }) => toStart() },
  { keys: ['end'], shown: 'End', does: 'To the end', press: ({ clips: { toEnd } }) => toEnd() },
  { keys: ['i'], shown: 'I', does: 'Begin here', press: ({ clips: { beginHere } }) => beginHere() },
  { keys: ['o'], shown: 'O', does: 'End here', press: ({ clips: { endHere } }) => endHere() },
  {
    keys: ['b'],
    shown: 'B',
    does: 'Hold to see it as it was filmed',
    press: ({ clips: { viewer } }) => viewer.compare(true),
    release: ({ clips: { viewer } }) => viewer.compare(false),
  },
  {
    keys: ['d'],
    shown: 'D',
    does: 'Split into before and after',
    press: ({ clips: { viewer } }) => viewer.setSplit(viewer.state.split === undefined ? 0.5 : undefined),
  },
  {
    keys: ['1', '2', '3', '4', '5', '6', '7', '8', '9'],
    shown: '1 – 9',
    does: 'Use that character',
    press: ({ understudy: { sources } }, { key }) => {
      const card = sources.state.cards[Number(key) - 1]
      return card && sources.use(card.id)
    },
  },
  { keys: ['0'], shown: '0', does: 'No character', press: ({ understudy: { sources } }) => sources.use('') },
  {
    keys: ['?'],
    shown: '?',
    does: 'This sheet',
    press: ({ understudy: { showPanel } }) => showPanel('help'),
  },
]

export function createClipKeys(clips: Clips, understudy: Understudy): void {
  createKeys(
    CLIP_KEYS,
    { clips, understudy },
    {
      isShown: () => understudy.navigation.page() === 'clip',
      onBlur: () => clips.viewer.compare(false),
      onError: clips.complain,
    },
  )
}
