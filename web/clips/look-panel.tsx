import RotateCcw from 'lucide-solid/icons/rotate-ccw'
import Video from 'lucide-solid/icons/video'
import { parseSettings } from '../settings/schema'
import { BadgeGroup, LookGroups } from '../studio/look-groups'
import { Button } from '../ui/button'
import { useUnderstudy } from '../understudy'
import { useClips } from './clips-context'
import type { Draft } from './draft'

/** How the faces are put on in this clip. It began as the look of Live and is its own since. */
export function LookPanel(props: { readonly draft: Draft }) {
  const { settings } = useUnderstudy()
  const { bin } = useClips()
  const change = (changes: Partial<Draft['look']>) => bin.setLook(props.draft.id, changes)
  const asInLive = () => {
    const { mirror: _mirror, faces: _faces, ...look } = settings.settings.look
    change(look)
  }
  const reset = () => {
    const { mirror: _mirror, faces: _faces, badge: _badge, ...look } = parseSettings({}).look
    change(look)
  }
  return (
    <>
      <div class="panel-actions">
        <Button look="ghost" icon={Video} title="Take over the look that is set in Live" onClick={asInLive}>
          As in Live
        </Button>
        <Button look="ghost" icon={RotateCcw} onClick={reset}>
          Reset all
        </Button>
      </div>
      <LookGroups look={props.draft.look} onChange={change} isClip />
      <BadgeGroup look={props.draft.look} onChange={change} isClip />
    </>
  )
}
