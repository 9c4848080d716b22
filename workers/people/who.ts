/** Which person of a scan a face is, by where they were seen around that time. */
import type { Cast, Person, Role, Sighting } from '../clip/cast'
import type { Face } from '../faces/face'
import { placeOf } from '../faces/tracks'

/** Between two sightings no further apart than this, a person was there all the time; more is a cutaway, perhaps. */
const GAP_S = 0.5
/** A person may have come into the picture this long before the first sighting, and left it as long after the last. */
const AROUND_S = 0.6
/** Less is the very frame of a sighting. */
const SAME_FRAME_S = 0.001
/** A face may be off the place where its person is expected by this many of its sizes… */
const REACH = 0.6
/** …and by this many more for every second since or until a sighting. */
const REACH_PER_S = 1.5
/** Who was there before and after counts before anybody who was so only before or only after. */
const ONE_SIDED = 10
/** How much a face that has another size than the person is the less likely theirs: per doubling. */
const OTHER_SIZE = 0.5

/** The role of each face of one frame, in their order: two faces are never the same person. */
export function rolesOf(
  faces: readonly Face[],
  timeS: number,
  frameWidth: number,
  people: readonly Person[],
  cast: Cast,
): Role[] {
  const persons = peopleOf(faces, timeS, frameWidth, people)
  return persons.map((person) => (person && cast.people[person.id]) ?? cast.everyone)
}

/** Who each face of one frame is; undefined: nobody the scan knew. */
export function peopleOf(
  faces: readonly Face[],
  timeS: number,
  frameWidth: number,
  people: readonly Person[],
): (Person | undefined)[] {
  const places = faces.map(({ landmarks }) => {
    const { x, y, size } = placeOf(landmarks)
    return { x: x / frameWidth, y: y / frameWidth, size: size / frameWidth }
  })
  const pairs = people.flatMap((person) => {
    const expected = expectedAt(person.sightings, timeS)
    if (!expected) return []
    return places.flatMap((place, index) => {
      const off = mismatch(place, expected)
      if (off > REACH + REACH_PER_S * expected.awayS) return []
      return [{ person, index, rank: off + (expected.wasBetween ? 0 : ONE_SIDED) }]
    })
  })
  const found: (Person | undefined)[] = faces.map(() => undefined)
  for (const { person, index } of pairs.sort((a, b) => a.rank - b.rank)) {
    if (found[index] === undefined && !found.includes(person)) found[index] = person
  }
  return found
}

type Spot = Omit<Sighting, 'timeS'>

interface Expected extends Spot {
  /** How far away the nearest sighting is in time. */
  readonly awayS: number
  /** Seen both before and after. */
  readonly wasBetween: boolean
}

/** Where a person is at this moment; undefined: not in the picture. */
function expectedAt(sightings: readonly Sighting[], timeS: number): Expected | undefined {
  let low = 0
  let high = sightings.length // the first sighting after timeS
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sightings[middle]?.timeS ?? 0) <= timeS) low = middle + 1
    else high = middle
  }
  const [before, after] = [sightings[low - 1], sightings[low]]
  const sinceS = before ? timeS - before.timeS : Number.POSITIVE_INFINITY
  const untilS = after ? after.timeS - timeS : Number.POSITIVE_INFINITY
  if (before && after && sinceS + untilS <= GAP_S) {
    const share = sinceS / (sinceS + untilS)
    const between = (from: number, to: number) => from + share * (to - from)
    return {
      x: between(before.x, after.x),
      y: between(before.y, after.y),
      size: between(before.size, after.size),
      awayS: Math.min(sinceS, untilS),
      wasBetween: true,
    }
  }
  const [nearest, awayS] = sinceS <= untilS ? [before, sinceS] : [after, untilS]
  return nearest && awayS <= AROUND_S ? { ...nearest, awayS, wasBetween: awayS < SAME_FRAME_S } : undefined
}

/** How badly a face sits on the place where a person is expected, in sizes. */
function mismatch(face: Spot, expected: Spot): number {
  const size = Math.max(1e-6, Math.min(face.size, expected.size))
  const doublings = Math.abs(Math.log2(Math.max(1e-6, face.size) / Math.max(1e-6, expected.size)))
  return Math.hypot(face.x - expected.x, face.y - expected.y) / size + OTHER_SIZE * doublings
}
