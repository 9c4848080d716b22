/** A clip or still that was opened and not sent to the queue yet, with all that was set for it. */
import type { Cast, Role } from '../../workers/clip/cast'
import type { Opened, ScanResult, StillFormat } from '../../workers/clip/clip-api'
import type { ClipSettings, JobSource, OutputFormat, Span } from '../../workers/clip/clip-job'
import { DEFAULT_LOOK, type Look } from '../../workers/studio/look'
import type { StoredLook } from '../settings/schema'

export interface Draft {
  readonly id: string
  readonly file: File
  readonly kind: Opened['kind']
  /** Known once it was on the stage. */
  readonly opened: Opened | undefined
  /** A small picture of it, once there is one, and its object URL. */
  readonly poster: Blob | undefined
  readonly posterUrl: string
  readonly look: StoredLook
  /** Who everybody becomes; undefined follows the character in use. */
  readonly everyone: Role | undefined
  /** By the id of a person the scan found; who is not in it is one of everybody. */
  readonly roles: Readonly<Record<string, Role>>
  readonly scan: ScanResult | undefined
  readonly marks: Marks
  readonly outside: ClipSettings['outside']
  readonly output: OutputFormat
  readonly stillFormat: StillFormat
  /** The playhead, seconds on the clip's own clock. */
  readonly atS: number
  /** The job it was last sent as. */
  readonly jobId: string | undefined
}

/** Where the part to swap begins and ends; undefined: with the clip. */
export interface Marks {
  readonly inS: number | undefined
  readonly outS: number | undefined
}

/** What can be set about a draft. */
export type DraftChanges = Partial<
  Pick<Draft, 'everyone' | 'roles' | 'marks' | 'outside' | 'output' | 'stillFormat'>
>

export const NO_MARKS: Marks = { inS: undefined, outS: undefined }

export function newDraft(file: File, kind: Opened['kind'], look: StoredLook): Draft {
  return {
    id: crypto.randomUUID(),
    file,
    kind,
    opened: undefined,
    poster: undefined,
    posterUrl: '',
    look: { ...look, mirror: false, faces: 'all' },
    everyone: undefined,
    roles: {},
    scan: undefined,
    marks: NO_MARKS,
    outside: 'cut',
    output: { kind: 'mp4', quality: 'high' },
    stillFormat: 'image/png',
    atS: 0,
    jobId: undefined,
  }
}

/** The look as threads want it. In a clip it is the cast that says who is swapped. */
export const lookOf = ({ look }: Pick<Draft, 'look'>): Look => ({
  ...DEFAULT_LOOK,
  ...look,
  mirror: false,
  faces: 'all',
  split: undefined,
  showMesh: false,
})

/** The part that is marked; undefined where that is all of it. */
export function spanOf({ opened, marks }: Pick<Draft, 'opened' | 'marks'>): Span | undefined {
  if (opened?.kind !== 'clip') return undefined
  const { fromS, toS } = opened.info
  const span = { fromS: marks.inS ?? fromS, toS: marks.outS ?? toS }
  return span.fromS <= fromS && span.toS >= toS ? undefined : span
}

/**
 * Who becomes whom, when `activeId` is the character in use ('' is none). A role whose source `isKnown` no longer
 * falls back: a person to everybody, everybody to their own faces.
 */
export function castOf(
  { everyone, roles, scan }: Pick<Draft, 'everyone' | 'roles' | 'scan'>,
  activeId: string,
  isKnown: (id: string) => boolean,
): Cast {
  const isGood = (role: Role) => role === 'keep' || isKnown(role)
  const wanted = everyone ?? (activeId || 'keep')
  const people = (scan?.people ?? []).flatMap(({ id }) => {
    const role = roles[id]
    return role !== undefined && isGood(role) ? [[id, role] as const] : []
  })
  return { everyone: isGood(wanted) ? wanted : 'keep', people: Object.fromEntries(people) }
}

/** The sources that somebody in the cast becomes. */
export const sourceIdsOf = ({ everyone, people }: Cast): string[] => [
  ...new Set([everyone, ...Object.values(people)].filter((role) => role !== 'keep')),
]

/** All of it, as the job thread takes it. */
export function settingsOf(draft: Draft, cast: Cast, sources: readonly JobSource[]): ClipSettings {
  return {
    look: lookOf(draft),
    cast,
    people: (draft.scan?.people ?? []).map(({ id, sightings }) => ({ id, sightings })),
    sources,
    span: spanOf(draft),
    outside: draft.outside,
    output: draft.output,
    ...(draft.poster ? { poster: draft.poster } : {}),
  }
}
