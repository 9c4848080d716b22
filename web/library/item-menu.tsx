import Download from 'lucide-solid/icons/download'
import Ellipsis from 'lucide-solid/icons/ellipsis'
import Pencil from 'lucide-solid/icons/pencil'
import Share from 'lucide-solid/icons/share-2'
import Trash from 'lucide-solid/icons/trash'
import type { LibraryItem } from '../../workers/library/library-item'
import { IconButton } from '../ui/button'
import { Popover } from '../ui/popover'
import type { LibraryStore } from './library'

interface ItemMenuProps {
  readonly item: LibraryItem
  readonly library: LibraryStore
  readonly onRename: () => void
}

/** What can be done with one item. */
export function ItemMenu(props: ItemMenuProps) {
  const { library } = props
  const then = (close: () => void, act: () => unknown) => () => {
    close()
    void act()
  }
  return (
    <Popover icon={Ellipsis} label={`More for ${props.item.name}`}>
      {(close) => (
        <div class="more-menu">
          <IconButton icon={Pencil} label="Rename" onClick={then(close, props.onRename)} />
          <IconButton icon={Share} label="Share" onClick={then(close, () => library.share([props.item]))} />
          <IconButton
            icon={Download}
            label="Download"
            onClick={then(close, () => library.download([props.item]))}
          />
          <IconButton icon={Trash} label="Delete" onClick={then(close, () => library.remove([props.item]))} />
        </div>
      )}
    </Popover>
  )
}
