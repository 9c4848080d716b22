import { fullScreen, pictureInPicture } from '../output/windows'
import { createKeys, type Shortcut } from '../ui/keys'
import type { Understudy } from '../understudy'

const nudge = ({ settings }: Understudy, by: number) =>
  settings.changeLook({ opacity: Math.min(1, Math.max(0, settings.settings.look.opacity + by)) })

/** Every key of the live page: what the handler obeys while it is shown, and the help sheet shows. */
export const SHORTCUTS: readonly Shortcut<Understudy>[] = [
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
    press: ({ sources }, { key }) => {
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

export function createShortcuts(understudy: Understudy): void {
  createKeys(SHORTCUTS, understudy, {
    isShown: () => understudy.navigation.page() === 'live',
    onBlur: () => understudy.studio.compare(false),
    onError: understudy.complain,
  })
}
