import { type FaceColour, mayBeSame } from './appearance'
import { OneEuro } from './one-euro'

/** x, y of the middle and the longer side of the upright box around a face, px of the frame. */
export interface Place {
  readonly x: number
  readonly y: number
  readonly size: number
}

export interface Vector {
  readonly x: number
  readonly y: number
}

/** One person followed from frame to frame. */
export interface Track {
  readonly id: number
  /** As the network last saw it, smoothed: where the next crop is taken. */
  landmarks: Float32Array<ArrayBuffer>
  readonly filter: OneEuro
  place: Place
  /** px per ms of the middle, over the last few sightings. */
  velocity: Vector
  /**
   * px from where it was found to where it is believed to be. Near another face the network may read a mixture of the two,
   * and following that would be led astray; elsewhere 0.
   */
  drift: Vector
  lastSeenMs: number
  readonly bornMs: number
  /** In how many frames the detector was asked about it and found it, or did not; and what it said last. */
  votes: number
  doubts: number
  agreed: boolean
  /** undefined where nobody asks for it. */
  colour: FaceColour | undefined
  /** For how many frames it was not on a face the detector found, though one was near. */
  astray: number
}

/** What Tracks without smoothing remember, as plain data. */
export interface TracksMemory {
  readonly tracks: readonly Omit<Track, 'filter' | 'place'>[]
  readonly nextId: number
}

/** How long a lost face keeps its number, should it come back near where it was. */
export const REMEMBER_MS = 2000
/** A face that comes back may have moved by this many times its size. */
const REACH = 1.2
/** Two tracks this close (middle to middle, by size) follow the same face. */
const SAME_FACE = 0.35
/** What is found within a face and is smaller than this share of it is a part of it. */
const SMALLER = 0.6
/** Nobody goes on as they went for longer than this. */
const MOMENTUM_MS = 600
/** How much the newest step counts in a velocity, less with others this near, and the longest step that counts at all. */
const NEWS = 0.4
const NEWS_IN_A_CROWD = 0.05
const CROWD = 1.1
/** Steps shorter than this share of the face's size are no motion to follow: crops that tremble make readings tremble. */
const TREMBLING = 0.02
/** Who was lost this lately may be hidden by the one who is there; and how much a finding counts then. */
const HIDDEN_MS = 1000
const BELIEF = 0.15
const LONGEST_STEP_MS = 250
/** A track younger than this that slid onto another's face never was a person of its own. */
const ESTABLISHED_MS = 300

const distance = (a: Place, b: Place): number =>
  Math.hypot(a.x - b.x, a.y - b.y) / Math.max(1, Math.min(a.size, b.size))

const STILL: Vector = { x: 0, y: 0 }

/** Whether something found here is but a part of the face of a track. */
export const isWithin = (part: Place, { place, landmarks }: Track): boolean => {
  const { left, top, right, bottom } = boundsOf(landmarks)
  const inside = part.x > left && part.x < right && part.y > top && part.y < bottom
  return inside && part.size < SMALLER * place.size
}

/** Where a face must be if it went on as it went. */
function expectedPlace(track: Track, timeMs: number): Place {
  const { x, y } = wayOf(track, timeMs)
  const { place } = track
  return { x: place.x + x, y: place.y + y, size: place.size }
}

/** Its landmarks there: around them the next crop is taken. */
export function expectedLandmarks(track: Track, timeMs: number): Float32Array {
  const way = wayOf(track, timeMs)
  const share = 1 - Math.min(1, (TREMBLING * track.place.size) / Math.max(1e-6, Math.hypot(way.x, way.y)))
  const [x, y] = [share * way.x, share * way.y]
  return track.landmarks.map((value, i) => value + (i % 3 === 0 ? x : i % 3 === 1 ? y : 0))
}

function wayOf({ velocity, drift, lastSeenMs }: Track, timeMs: number): Vector {
  const ms = Math.min(MOMENTUM_MS, timeMs - lastSeenMs)
  return { x: drift.x + velocity.x * ms, y: drift.y + velocity.y * ms }
}

/** How far a track was found from where it was expected, in sizes. */
export const surprise = (track: Track, landmarks: Float32Array, timeMs: number): number =>
  distance(expectedPlace(track, timeMs), placeOf(landmarks))

export interface Bounds {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/** The upright box around landmarks (x, y, z each). */
export function boundsOf(landmarks: Float32Array): Bounds {
  let left = Number.POSITIVE_INFINITY
  let top = Number.POSITIVE_INFINITY
  let right = Number.NEGATIVE_INFINITY
  let bottom = Number.NEGATIVE_INFINITY
  for (let i = 0; i + 1 < landmarks.length; i += 3) {
    const x = landmarks[i] as number // in range: i + 1 < length
    const y = landmarks[i + 1] as number
    left = Math.min(left, x)
    right = Math.max(right, x)
    top = Math.min(top, y)
    bottom = Math.max(bottom, y)
  }
  return { left, top, right, bottom }
}

export function placeOf(landmarks: Float32Array): Place {
  const { left, top, right, bottom } = boundsOf(landmarks)
  return { x: (left + right) / 2, y: (top + bottom) / 2, size: Math.max(right - left, bottom - top) }
}

/**
 * Who is who between frames: numbers stay with faces by where they are. At most `limit` are followed at once; a lost one
 * is remembered for two seconds.
 */
export class Tracks {
  readonly limit: number
  #tracks: Track[] = []
  #nextId = 1

  constructor(limit: number) {
    this.limit = limit
  }

  get all(): readonly Track[] {
    return this.#tracks
  }

  seenAt(timeMs: number): readonly Track[] {
    return this.#tracks.filter((track) => track.lastSeenMs === timeMs)
  }

  /** Whether a found place is already followed by a face seen in this frame. */
  follows(place: Place, timeMs: number): boolean {
    return this.seenAt(timeMs).some((track) => distance(track.place, place) < SAME_FACE + 0.3)
  }

  /**
   * A face was seen where none was followed: the lost track nearest to it comes back, or a new one begins. Given its colour,
   * none comes back that had quite another; in a crowd colours are mixed and do not count.
   */
  begin(landmarks: Float32Array<ArrayBuffer>, timeMs: number, colour?: FaceColour): Track {
    const place = placeOf(landmarks)
    const crowded = this.seenAt(timeMs).some((track) => distance(track.place, place) < CROWD)
    const couldBe = (track: Track) => crowded || !colour || !track.colour || mayBeSame(track.colour, colour)
    // It may have stopped where it was, or have gone on.
    const off = (track: Track) =>
      Math.min(distance(track.place, place), distance(expectedPlace(track, timeMs), place))
    const lost = this.#tracks
      .filter((track) => track.lastSeenMs !== timeMs && off(track) < REACH && couldBe(track))
      .sort((a, b) => off(a) - off(b))[0]
    const track = lost ?? {
      id: this.#nextId++,
      landmarks,
      filter: new OneEuro(landmarks.length),
      place,
      velocity: STILL,
      drift: STILL,
      lastSeenMs: timeMs,
      bornMs: timeMs,
      votes: 0,
      doubts: 0,
      agreed: false,
      colour: undefined,
      astray: 0,
    }
    if (!lost) this.#tracks.push(track)
    this.see(track, landmarks, timeMs)
    return track
  }

  see(track: Track, landmarks: Float32Array<ArrayBuffer>, timeMs: number): void {
    const place = placeOf(landmarks)
    const ms = timeMs - track.lastSeenMs
    const expected = expectedPlace(track, timeMs)
    const crowded = this.#isCrowded(track, place, timeMs)
    const belief = crowded && ms <= LONGEST_STEP_MS ? BELIEF : 1
    track.drift = {
      x: (1 - belief) * (expected.x - place.x),
      y: (1 - belief) * (expected.y - place.y),
    }
    if (ms > LONGEST_STEP_MS) track.velocity = STILL
    else if (ms > 0) {
      const { x, y } = track.velocity
      const news = crowded ? NEWS_IN_A_CROWD : NEWS
      track.velocity = {
        x: x + news * ((place.x - track.place.x) / ms - x),
        y: y + news * ((place.y - track.place.y) / ms - y),
      }
    }
    track.landmarks = landmarks
    track.place = place
    track.lastSeenMs = timeMs
  }

  /** Whether somebody else is so near that the network may have mixed the two. */
  #isCrowded(track: Track, place: Place, timeMs: number): boolean {
    return this.#tracks.some((other) => {
      const isAbout = other !== track && timeMs - other.lastSeenMs <= HIDDEN_MS
      return isAbout && distance(expectedPlace(other, timeMs), place) < CROWD
    })
  }

  /**
   * Of several tracks that were found (`seen`: the landmarks by track) on one and the same face, those that it does not
   * belong to: all but the one that was expected nearest to it. Two people who pass each other keep their numbers so.
   */
  strays(seen: ReadonlyMap<Track, Float32Array>, timeMs: number): Track[] {
    const claims = [...seen].map(([track, landmarks]) => {
      const place = placeOf(landmarks)
      return { track, place, off: surprise(track, landmarks, timeMs) }
    })
    claims.sort((a, b) => a.off - b.off || a.track.bornMs - b.track.bornMs || a.track.id - b.track.id)
    const strays: Track[] = []
    claims.forEach(({ track, place }, i) => {
      const taken = claims.slice(0, i).some((better) => {
        return !strays.includes(better.track) && distance(better.place, place) < SAME_FACE
      })
      if (taken) strays.push(track)
    })
    return strays
  }

  /** Ends a stray that never was a face of its own; one that was is lost, hidden perhaps. */
  lose(stray: Track): void {
    if (stray.lastSeenMs - stray.bornMs < ESTABLISHED_MS) this.end(stray)
  }

  end(track: Track): void {
    this.#tracks = this.#tracks.filter((other) => other !== track)
  }

  /** Ends what was lost too long, and the lost ones beyond the limit. */
  settle(timeMs: number): void {
    const kept = this.#tracks.filter((track) => timeMs - track.lastSeenMs <= REMEMBER_MS)
    kept.sort((a, b) => b.lastSeenMs - a.lastSeenMs || a.id - b.id)
    this.#tracks = kept.slice(0, this.limit * 2)
  }

  clear(): void {
    this.#tracks = []
  }

  save(): TracksMemory {
    const tracks = this.#tracks.map(({ filter: _filter, place: _place, ...rest }) => rest)
    return { tracks, nextId: this.#nextId }
  }

  restore({ tracks, nextId }: TracksMemory): void {
    this.#tracks = tracks.map((track) => {
      const { landmarks } = track
      return { ...track, filter: new OneEuro(landmarks.length), place: placeOf(landmarks) }
    })
    this.#nextId = nextId
  }
}
