import { createResource } from 'solid-js'
import { storageNow } from '../platform/capabilities'
import { StorageMeter } from '../storage/storage-meter'
import { Button } from '../ui/button'
import { useUnderstudy } from '../understudy'

/** How much is stored, where the largest of it is, and whether the browser keeps it. */
export function StorageSection() {
  const { navigation, showPanel } = useUnderstudy()
  const [storage, { refetch }] = createResource(storageNow)
  const openLibrary = () => {
    showPanel(undefined)
    navigation.go('library')
  }
  return (
    <section>
      <h3>Storage</h3>
      <StorageMeter storage={storage.latest} onPersisted={refetch} />
      <div class="row">
        <p>Recordings and results take most of it. Downloaded ones can be deleted in the library.</p>
        <Button onClick={openLibrary}>Open the library</Button>
      </div>
    </section>
  )
}
