/** What the command line says; a bench takes of it what it needs. */
export interface BenchOptions {
  readonly seconds: number
  /** A video (for a fake camera) and a picture; undefined: what the project makes itself or finds beside it. */
  readonly camera: string | undefined
  readonly source: string | undefined
  /** A video file for the clip studio. */
  readonly input: string | undefined
  /** How long a clip to compare a minute's memory with; 0: none. */
  readonly minutes: number
}
