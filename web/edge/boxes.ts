import { createSignal, onCleanup } from 'solid-js'
import { createStore, reconcile } from 'solid-js/store'
import { askBoxes, askWorkflows, type BoxView, lookAtBoxes, type WorkflowView } from './edge'

export type ServerState = 'unknown' | 'there' | 'absent'

export interface BoxesState {
  server: ServerState
  boxes: readonly BoxView[]
  workflows: readonly WorkflowView[]
  /** Sentences about workflow files of a user's own that cannot be used. */
  faults: readonly string[]
}

const LOOK_EVERY_MS = 8000

/** Whether our server and its boxes are there, and what they can do. Asked now and then while a page that shows it is looked at. */
export function createBoxes(isShown: () => boolean) {
  const [state, setState] = createStore<BoxesState>({
    server: 'unknown',
    boxes: [],
    workflows: [],
    faults: [],
  })
  const [isLooking, setLooking] = createSignal(false)
  const life = new AbortController()

  const look = async (ask = askBoxes): Promise<void> => {
    if (isLooking() || life.signal.aborted) return
    setLooking(true)
    try {
      const boxes = await ask(life.signal)
      const { workflows, faults } = await askWorkflows(life.signal) // what they can do follows from what they have
      setState('boxes', reconcile([...boxes], { key: 'name' }))
      setState('workflows', reconcile([...workflows], { key: 'id' }))
      setState('faults', reconcile([...faults]))
      setState('server', 'there')
    } catch {
      if (!life.signal.aborted) setState('server', 'absent') // the page says so for as long as it lasts
    } finally {
      setLooking(false)
    }
  }
  const again = () => !document.hidden && isShown() && void look()
  const timer = setInterval(again, LOOK_EVERY_MS)
  window.addEventListener('online', again)
  document.addEventListener('visibilitychange', again)
  onCleanup(() => {
    life.abort()
    clearInterval(timer)
    window.removeEventListener('online', again)
    document.removeEventListener('visibilitychange', again)
  })

  return {
    state,
    isLooking,
    look: () => look(),
    /** Has the boxes themselves asked, too. */
    lookAgain: () => look(lookAtBoxes),
    isAnyUp: () => state.boxes.some((box) => box.state === 'up'),
    workflow: (id: string) => state.workflows.find((workflow) => workflow.id === id),
  }
}

export type Boxes = ReturnType<typeof createBoxes>
