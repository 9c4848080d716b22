import Eye from 'lucide-solid/icons/eye'
import { IconButton } from './button'

/** Shows the picture as it was filmed for as long as it is held, by finger, mouse or key. */
export function CompareButton(props: {
  readonly label: string
  readonly disabled?: boolean
  readonly isComparing: boolean
  readonly onCompare: (isComparing: boolean) => void
}) {
  const release = () => props.onCompare(false)
  return (
    <IconButton
      icon={Eye}
      label={props.label}
      shortcut="B"
      disabled={props.disabled ?? false}
      pressed={props.isComparing}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        props.onCompare(true)
      }}
      onPointerUp={release}
      onPointerCancel={release}
      onKeyDown={({ key, repeat }) => (key === 'Enter' || key === ' ') && !repeat && props.onCompare(true)}
      onKeyUp={release}
      onBlur={release}
    />
  )
}
