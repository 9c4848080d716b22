import { mix, noise, seededRandom, smoothstep } from './noise'

/** A quiet studio wall, lit from one side, lamps out of focus. RGBA words (little endian). */
export function paintBackdrop(width: number, height: number): Uint32Array<ArrayBuffer> {
  const out = new Uint32Array(width * height)
  const random = seededRandom(11)
  const grain = new Float32Array(4096).map(() => random() - 0.5)
  const lamps = [
    { x: 0.88, y: 0.24, radius: 0.075, light: 0.085 },
    { x: 0.97, y: 0.42, radius: 0.05, light: 0.06 },
    { x: 0.78, y: 0.1, radius: 0.04, light: 0.035 },
  ]
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [u, v] = [(x + 0.5) / width, (y + 0.5) / height]
      const aspect = width / height
      const pool = Math.exp(-(((u - 0.3) * 1.6) ** 2 + ((v - 0.34) * 1.5) ** 2) * 1.7)
      const corner = smoothstep(1.05, 0.35, Math.hypot((u - 0.5) * 1.1, (v - 0.5) * 1.05))
      const wall = 0.035 * noise(u * 3 * aspect, v * 3, 3) + 0.02 * noise(u * 9 * aspect, v * 9, 4)
      let warm = 0
      for (const lamp of lamps) {
        const from = Math.hypot((u - lamp.x) * aspect, v - lamp.y)
        warm +=
          lamp.light *
          (smoothstep(lamp.radius, lamp.radius * 0.82, from) +
            0.8 * Math.exp(-((from / (lamp.radius * 2.6)) ** 2)))
      }
      const light = (mix(0.2, 0.5, pool) + wall) * mix(0.62, 1, corner)
      const speck = 1.6 * (grain[(x * 73 + y * 1231) & 4095] as number)
      const r = 255 * (light * 0.86 + warm * 1.05) + speck
      const g = 255 * (light * 0.95 + warm * 0.78) + speck
      const b = 255 * (light * 1.02 + warm * 0.5) + speck
      out[y * width + x] =
        (0xff000000 | (Math.min(255, b) << 16) | (Math.min(255, g) << 8) | Math.min(255, r)) >>> 0
    }
  }
  return out
}
