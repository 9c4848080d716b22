import { OneEuro } from './one-euro'

/** x, y of the middle and the longer side of the upright box around a face, px of the frame. */
export interface Place {
  readonly x: number
  readonly y: number
  readonly size: number
}

/** One person followed from frame to frame. */
export interface Track {
  readonly id: number
  /** As the network last saw it, smoothed: where the next crop is taken. */
  landmarks: Float32Array<ArrayBuffer>
  readonly filter: OneEuro
  place: Place
  lastSeenMs: number
  readonly bornMs: number
}

/** How long a lost face keeps its number, should it come back near where it was. */
const REMEMBER_MS = 2000
/** A face that comes back may have moved by this many times its size. */
const REACH = 1.2
/** Two tracks this close (middle to middle, by size) follow the same face. */
const SAME_FACE = 0.35

const distance = (a: Place, b: Place): number =>
  Math.hypot(a.x - b.x, a.y - b.y) / Math.max(1, Math.min(a.size, b.size))

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

  /** A face was seen where none was followed: the lost track nearest to it comes back, or a new one begins. */
  begin(landmarks: Float32Array<ArrayBuffer>, timeMs: number): Track {
    const place = placeOf(landmarks)
    const lost = this.#tracks
      .filter((track) => track.lastSeenMs !== timeMs && distance(track.place, place) < REACH)
      .sort((a, b) => distance(a.place, place) - distance(b.place, place))[0]
    const track = lost ?? {
      id: this.#nextId++,
      landmarks,
      filter: new OneEuro(landmarks.length),
      place,
      lastSeenMs: timeMs,
      bornMs: timeMs,
    }
    if (!lost) this.#tracks.push(track)
    this.see(track, landmarks, timeMs)
    return track
  }

  see(track: Track, landmarks: Float32Array<ArrayBuffer>, timeMs: number): void {
    track.landmarks = landmarks
    track.place = placeOf(landmarks)
    track.lastSeenMs = timeMs
  }

  /** Ends the younger of two tracks on one face, what was lost too long, and the lost ones beyond the limit. */
  settle(timeMs: number): void {
    const kept: Track[] = []
    const byAge = [...this.#tracks].sort((a, b) => a.bornMs - b.bornMs || a.id - b.id)
    for (const track of byAge) {
      const lostMs = timeMs - track.lastSeenMs
      const doubled =
        lostMs === 0 &&
        kept.some((other) => other.lastSeenMs === timeMs && distance(other.place, track.place) < SAME_FACE)
      if (!doubled && lostMs <= REMEMBER_MS) kept.push(track)
    }
    kept.sort((a, b) => b.lastSeenMs - a.lastSeenMs || a.id - b.id)
    this.#tracks = kept.slice(0, this.limit * 2)
  }

  clear(): void {
    this.#tracks = []
  }
}
