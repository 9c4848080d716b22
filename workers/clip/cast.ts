/** Who becomes whom in a clip. Plain data: stored with a job, sent between threads. */

/** A person's place in the clip at one moment: middle and longer side of the box around the face, 0..1 of the frame's width. */
export interface Sighting {
  readonly timeS: number // on the clip's own clock
  readonly x: number
  readonly y: number // of the frame's width too, so that distances are round
  readonly size: number
}

/** One person found by a scan. */
export interface Person {
  readonly id: string
  /** In order of time: about five a second while they are in the picture, and the first and last frame of every shot. */
  readonly sightings: readonly Sighting[]
}

/** The id of a source, or 'keep' for the person's own face. */
export type Role = string | 'keep'

export interface Cast {
  /** For everybody who has no role of their own, and for faces the scan did not know. */
  readonly everyone: Role
  /** By the id of the person. */
  readonly people: Readonly<Record<string, Role>>
}
