import type { Layer } from '../compositor/layer'
import type { Face } from '../faces/face'
import { placeOf } from '../faces/tracks'
import { rolesOf } from '../people/who'
import type { Look } from '../studio/look'
import type { SwapEngine } from '../swap/engine'
import type { Cast, Person } from './cast'

/** Who becomes whom, and how it is to look: the same for a preview and for a job. */
export interface Casting<Source> {
  readonly look: Look
  readonly cast: Cast
  readonly people: readonly Person[]
  /** Prepared sources by their id. */
  readonly sources: ReadonlyMap<string, Source>
}

/** The faces in this frame that become somebody else, and who. */
export function castFaces<Source>(
  { look, cast, people, sources }: Casting<Source>,
  faces: readonly Face[],
  timeS: number,
  frameWidth: number,
): { readonly face: Face; readonly source: Source }[] {
  const wanted = look.faces === 'largest' ? [...faces].sort(bySize).slice(0, 1) : faces
  const roles = rolesOf(wanted, timeS, frameWidth, people, cast)
  return wanted.flatMap((face, index) => {
    const source = sources.get(roles[index] ?? 'keep')
    return source === undefined ? [] : [{ face, source }]
  })
}

/** One layer for each face in this frame that becomes somebody else. */
export function layersOf<Source>(
  engine: SwapEngine<Source>,
  casting: Casting<Source>,
  faces: readonly Face[],
  timeS: number,
  frameWidth: number,
): Layer[] {
  return castFaces(casting, faces, timeS, frameWidth).map(({ face, source }) =>
    engine.layer(face, source, casting.look, timeS * 1000),
  )
}

const bySize = (a: Face, b: Face): number => placeOf(b.landmarks).size - placeOf(a.landmarks).size

/** Whether anybody becomes somebody else: then the picture carries badge and provenance. */
export const swapsAnyone = ({ cast, sources }: Casting<unknown>): boolean =>
  [cast.everyone, ...Object.values(cast.people)].some((role) => sources.has(role))
