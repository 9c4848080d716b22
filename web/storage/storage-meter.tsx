import HardDrive from 'lucide-solid/icons/hard-drive'
import ShieldCheck from 'lucide-solid/icons/shield-check'
import { Show } from 'solid-js'
import { bytesInWords } from '../machine/in-words'
import { persistStorage, type Storage } from '../platform/capabilities'
import { Button, Glyph } from '../ui/button'
import { COMPACT, createMediaQuery } from '../ui/media-query'
import { Popover } from '../ui/popover'
import { useUnderstudy } from '../understudy'
import './storage-meter.css'

interface StorageMeterProps {
  readonly storage: Storage | undefined
  /** The browser has made a promise: look again. */
  readonly onPersisted: () => unknown
}

/** How full the part of the disk is that the browser gives this page, and whether it promised to keep what is there. */
export function StorageMeter(props: StorageMeterProps) {
  const freeBytes = () => Math.max(0, (props.storage?.quotaBytes ?? 0) - (props.storage?.usedBytes ?? 0))
  const share = () => (props.storage ? props.storage.usedBytes / Math.max(1, props.storage.quotaBytes) : 0)
  return (
    <div class="storage-meter">
      <Glyph icon={HardDrive} size={16} />
      <span class="storage-words">
        <b>{props.storage ? bytesInWords(props.storage.usedBytes) : '–'}</b> used,{' '}
        <b>{props.storage ? bytesInWords(freeBytes()) : '–'}</b> free
      </span>
      <meter class="storage-bar" aria-label="Storage used" high={0.9} optimum={0} value={share()} />
      <Show when={props.storage}>
        {(now) => (
          <Show when={now().persisted} fallback={<KeepForGood onPersisted={props.onPersisted} />}>
            <span class="storage-kept">
              <Glyph icon={ShieldCheck} size={16} /> Kept until you delete it
            </span>
          </Show>
        )}
      </Show>
    </div>
  )
}

function KeepForGood(props: { readonly onPersisted: () => unknown }) {
  const { notices } = useUnderstudy()
  const isCompact = createMediaQuery(COMPACT)
  const ask = async (close: () => void) => {
    close()
    if (await persistStorage()) {
      notices.say('done', { title: 'The browser keeps it for good', text: '' })
    } else {
      const text = 'Installing the app or adding it to the bookmarks usually changes its mind.'
      notices.say('info', { title: 'The browser did not agree', text })
    }
    await props.onPersisted()
  }
  return (
    <Popover icon={ShieldCheck} label="Keep for good" isWide={!isCompact()}>
      {(close) => (
        <div class="storage-explained">
          <strong>Keep for good</strong>
          <p>
            When the disk runs full, a browser may clear what pages have stored, those you have not opened for
            long first. It can promise never to do that here by itself. You can still delete everything.
          </p>
          <Button look="primary" onClick={() => void ask(close)}>
            Ask the browser
          </Button>
        </div>
      )}
    </Popover>
  )
}
