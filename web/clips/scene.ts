import { transfer } from 'comlink'
import { createEffect, createMemo, on } from 'solid-js'
import { unwrap } from 'solid-js/store'
import type { Cast } from '../../workers/clip/cast'
import type { JobSource } from '../../workers/clip/clip-job'
import type { Consent } from '../consent/consent'
import type { Sources } from '../sources/sources'
import type { Bin } from './bin'
import { castOf, type Draft, lookOf, sourceIdsOf } from './draft'
import type { Viewer } from './viewer'

const NOBODY: Cast = { everyone: 'keep', people: {} }

/** Who becomes whom on the stage, and how it looks: kept up to date in the viewer's thread. */
export function createScene(bin: Bin, viewer: Viewer, sources: Sources, consent: Consent) {
  const isKnown = (id: string) => sources.state.cards.some((card) => card.id === id)
  const castFor = (draft: Draft): Cast => castOf(draft, sources.state.activeId, isKnown)

  const look = createMemo(() => {
    const draft = bin.current()
    const { comparing, split } = viewer.state
    return draft && { ...lookOf(draft), split: comparing ? 1 : split }
  })
  /** Without consent nobody becomes anybody. */
  const cast = createMemo(() => {
    const draft = bin.current()
    if (!draft) return undefined
    const people = (unwrap(draft.scan)?.people ?? []).map(({ id, sightings }) => ({ id, sightings }))
    return { cast: consent.isGiven() ? castFor(draft) : NOBODY, people }
  })

  // What has changed goes over; while something is on its way, only the newest of the later changes follows.
  const given = new Set<string>()
  let sent: { look: ReturnType<typeof look>; cast: ReturnType<typeof cast> } = {
    look: undefined,
    cast: undefined,
  }
  let sending: Promise<void> | undefined
  /** Resolves when the thread knows the scene as it is now. */
  const sync = (): Promise<void> => {
    sending ??= send().finally(() => {
      sending = undefined
    })
    return sending
  }
  async function send(): Promise<void> {
    const api = await viewer.api()
    for (;;) {
      const now = { look: look(), cast: cast() }
      if (now.look === sent.look && now.cast === sent.cast) return
      if (now.cast && now.cast !== sent.cast) {
        await giveSources(sourceIdsOf(now.cast.cast))
        await api.setCast(now.cast.cast, now.cast.people)
      }
      if (now.look && now.look !== sent.look) await api.setLook(now.look)
      sent = now
    }
  }
  async function giveSources(ids: readonly string[]): Promise<void> {
    const api = await viewer.api()
    for (const id of ids) {
      const record = given.has(id) ? undefined : sources.find(id)
      if (!record) continue
      const image = await createImageBitmap(record.picture)
      const landmarks = record.landmarks.slice()
      await api.putSource(id, transfer({ image, landmarks }, [image, landmarks.buffer]))
      given.add(id)
    }
  }
  createEffect(
    on([look, cast], () => {
      if (viewer.state.phase.name !== 'empty') void sync().catch(() => undefined) // the stage says what is wrong with the thread
    }),
  )

  // The tray has the last word about the clip on the stage.
  createEffect(
    on(
      () => sources.state.activeId,
      () => {
        const draft = bin.current()
        if (draft?.everyone !== undefined) bin.set(draft.id, { everyone: undefined })
      },
      { defer: true },
    ),
  )

  /** The sources of a cast as a job carries them. */
  const jobSources = (cast: Cast): JobSource[] =>
    sourceIdsOf(cast).flatMap((id) => {
      const record = sources.find(id)
      return record ? [{ id, name: record.name, picture: record.picture, landmarks: record.landmarks }] : []
    })

  return { castFor, sync, jobSources }
}
