import { onCleanup } from 'solid-js'
import { createStore } from 'solid-js/store'
import type { Opened, ScanResult } from '../../workers/clip/clip-api'
import type { StoredLook } from '../settings/schema'
import { type Draft, type DraftChanges, newDraft } from './draft'
import { posterOf } from './poster'

/** Clips and stills that were opened, each with its own settings, and which of them is on the stage. Nothing else writes this state. */
export function createBin() {
  const [state, setState] = createStore<{ drafts: Draft[]; currentId: string }>({
    drafts: [],
    currentId: '',
  })
  onCleanup(() => state.drafts.forEach(letGo))

  const find = (id: string) => state.drafts.find((draft) => draft.id === id)
  const change = (id: string, changes: Partial<Draft>) => {
    const at = state.drafts.findIndex((draft) => draft.id === id)
    if (at >= 0) setState('drafts', at, changes)
  }

  const add = (file: File, kind: Opened['kind'], look: StoredLook): Draft => {
    const draft = newDraft(file, kind, look)
    setState('drafts', (drafts) => [...drafts, draft])
    void posterOf(file, kind).then((poster) => poster && setPoster(draft.id, poster))
    return draft
  }
  const setPoster = (id: string, poster: Blob) => {
    const draft = find(id)
    if (draft && !draft.poster) change(id, { poster, posterUrl: URL.createObjectURL(poster) })
  }

  const remove = (id: string) => {
    const draft = find(id)
    if (!draft) return
    letGo(draft)
    setState('drafts', (drafts) => drafts.filter((each) => each.id !== id))
    if (state.currentId === id) setState('currentId', '')
  }

  return {
    state,
    current: () => find(state.currentId),
    find,
    add,
    remove,
    /** A small picture of it, unless there is one already. */
    setPoster,
    choose: (id: string) => setState('currentId', id),
    set: (id: string, changes: DraftChanges) => change(id, changes),
    setLook: (id: string, changes: Partial<StoredLook>) => {
      const look = find(id)?.look
      if (look) change(id, { look: { ...look, ...changes } })
    },
    setOpened: (id: string, opened: Opened) => change(id, { opened, kind: opened.kind }),
    setScan: (id: string, scan: ScanResult | undefined) => {
      closeFaces(find(id)?.scan)
      change(id, { scan, roles: {} })
    },
    setPlayhead: (id: string, atS: number) => change(id, { atS }),
    setSent: (id: string, jobId: string | undefined) => change(id, { jobId }),
  }
}

export type Bin = ReturnType<typeof createBin>

function letGo({ posterUrl, scan }: Draft): void {
  if (posterUrl) URL.revokeObjectURL(posterUrl)
  closeFaces(scan)
}

function closeFaces(scan: ScanResult | undefined): void {
  for (const { thumbnail } of scan?.people ?? []) thumbnail.close()
}
