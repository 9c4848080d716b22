/** How faces are looked for where there is time: every frame by the detector too, small ones, and each new one twice. */
import type { Affine } from '../../models/affine'
import { DETECTION_SETTINGS, DETECTOR_SIZE, type Detection } from '../../models/blazeface'
import { fivePoints } from '../../models/templates'
import type { Plate } from '../compositor/compositor'
import type { FaceNetworks, ReadFace } from './networks'
import { searchWindows } from './search'
import { expectedLandmarks, isWithin, type Place, placeOf, surprise, type Track } from './tracks'

/** With somebody in view, a part of the picture is looked into with every so many looks. */
const PART_EVERY = 2
/** What the detector is this sure of in the whole picture is worth a closer look. */
const WEAK = 0.3
/** A new face must be found by the detector in so many frames; one that was not in this many is none. */
const ENOUGH_VOTES = 3
const MOST_DOUBTS = 6
/** A mesh this near (by sizes) to what the detector found sits on that face; further away it may hang between two. */
const ON_FACE = 0.15
/** Where it was expected it is believed for fewer frames than this: the detector too mixes faces that are close together. */
const LONGEST_ASTRAY = 4
/** A face may be this far from where it was expected. */
const WITHIN_REACH = 0.6
/** A crop that is off its face by this much is not the best to read it from. */
const SURPRISING = 0.12

/** Side of a second look in sizes of the face: as large as faces are in what the detector was taught with. */
const AROUND = 2.2
/**
 * So close, faces score 0.75 and more, in the dark and turned far to the side too; flower pots and shoulders that even the
 * mesh network takes for faces, 0.35 to 0.55.
 */
const MIN_SCORE = 0.63
/** What it finds may be off the place by this share of its size. */
const OFF = 0.5

export class CloseLook {
  readonly #networks: FaceNetworks

  constructor(networks: FaceNetworks) {
    this.#networks = networks
  }

  /** All over the first picture; then in the whole of it, and in one part, each time another one. Weak ones are among them. */
  detect(plate: Plate, look: number, nobodyInView: boolean): Promise<Detection[]> {
    const windows = searchWindows(plate.width, plate.height)
    const [whole, ...parts] = windows
    const part = parts[Math.floor(nobodyInView ? look : look / PART_EVERY) % Math.max(1, parts.length)]
    if (look === 0 || !whole || !part) return this.#networks.detect(plate, windows)
    const both = nobodyInView || look % PART_EVERY === 0
    return this.#networks.detect(plate, both ? [whole, part] : [whole], WEAK)
  }

  /** A followed face where it is expected, or where the detector says that it is after all. */
  async read(
    plate: Plate,
    track: Track,
    timeMs: number,
    detections: readonly Detection[],
  ): Promise<ReadFace | undefined> {
    const expected = expectedLandmarks(track, timeMs)
    const found = await this.#networks.readAgain(plate, expected)
    const sure = detections.filter(({ score }) => score >= DETECTION_SETTINGS.minScore)
    const onFace = found && sure.some((detection) => distance(detection, found.landmarks) < ON_FACE)
    const [nearest] = sure
      .filter((detection) => distance(detection, expected) < WITHIN_REACH)
      .sort((a, b) => distance(a, expected) - distance(b, expected))
    track.astray = onFace || !nearest ? 0 : track.astray + 1
    const surprising = !found || surprise(track, found.landmarks, timeMs) > SURPRISING
    if (onFace || (!surprising && track.astray < LONGEST_ASTRAY)) return found
    const better = nearest && (await this.#networks.readDetection(plate, nearest))
    if (better) return better
    return found && surprising ? this.#networks.readAgain(plate, found.landmarks) : found
  }

  /** No eye or shadow within a larger face (`seen`), and nothing that a second look does not confirm. */
  async isFace(plate: Plate, detection: Detection, seen: readonly Track[]): Promise<boolean> {
    const place = placeOfDetection(detection)
    if (seen.some((track) => isWithin(place, track))) return false
    return detection.score >= DETECTION_SETTINGS.minScore || this.#confirms(plate, place)
  }

  /** Asks the detector about a face it has not found often enough. false: it keeps not finding it. */
  async stands(plate: Plate, track: Track): Promise<boolean> {
    if (track.votes >= ENOUGH_VOTES) return true
    track.agreed = await this.#confirms(plate, track.place)
    if (track.agreed) track.votes++
    else track.doubts++
    return track.doubts < MOST_DOUBTS
  }

  async #confirms(plate: Plate, { x, y, size }: Place): Promise<boolean> {
    const side = AROUND * size
    const scale = DETECTOR_SIZE / side
    const window: Affine = [scale, 0, 0, scale, -(x - side / 2) * scale, -(y - side / 2) * scale]
    const found = await this.#networks.detect(plate, [window], MIN_SCORE)
    return found.some((detection) => {
      const place = placeOfDetection(detection)
      return Math.hypot(place.x - x, place.y - y) < OFF * size
    })
  }
}

/** Whether the detector has found a face often enough to be trusted, or has found it again just now. */
export const isSure = ({ votes, agreed }: Track): boolean => votes >= ENOUGH_VOTES || agreed

export const placeOfDetection = ({ box }: Detection): Place => ({
  x: box.x + box.width / 2,
  y: box.y + box.height / 2,
  size: Math.max(box.width, box.height),
})

/** Between the middles of eyes, nose and mouth, in sizes of the mesh. */
function distance({ points }: Detection, landmarks: Float32Array): number {
  const [rightX = 0, rightY = 0, leftX = 0, leftY = 0, noseX = 0, noseY = 0, ...mouth] = fivePoints(landmarks)
  const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = mouth
  const x = (rightX + leftX + noseX + (x1 + x2) / 2) / 4
  const y = (rightY + leftY + noseY + (y1 + y2) / 2) / 4
  let [foundX, foundY] = [0, 0]
  for (let i = 0; i < 8; i += 2) {
    foundX += (points[i] ?? 0) / 4
    foundY += (points[i + 1] ?? 0) / 4
  }
  return Math.hypot(foundX - x, foundY - y) / placeOf(landmarks).size
}
