/** The "AI-modified" badge: a dark translucent pill with white words, legible on any ground. */

const WORDS = 'AI-modified'
const SHARE_OF_HEIGHT = 0.05
const LEAST_PX = 14 // below that nobody can read it

/** Made for frames `frameHeight` px high; drawn one to one. The caller closes it. */
export function makeBadge(frameHeight: number): ImageBitmap {
  const height = Math.max(LEAST_PX, Math.round(frameHeight * SHARE_OF_HEIGHT))
  const font = `600 ${(height * 0.52).toFixed(1)}px system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif`
  const icon = height * 0.56
  const pad = height * 0.36
  const gap = height * 0.2

  const canvas = new OffscreenCanvas(1, 1)
  const measuring = contextOf(canvas)
  measuring.font = font
  const textWidth = measuring.measureText(WORDS).width
  canvas.width = Math.ceil(pad + icon + gap + textWidth + pad)
  canvas.height = height

  const context = contextOf(canvas) // resizing has cleared its state
  context.fillStyle = 'rgb(10 12 16 / 0.72)'
  context.beginPath()
  context.roundRect(0, 0, canvas.width, height, height / 2)
  context.fill()
  context.lineWidth = Math.max(1, height / 24)
  context.strokeStyle = 'rgb(255 255 255 / 0.28)'
  context.beginPath()
  const inset = context.lineWidth / 2
  context.roundRect(inset, inset, canvas.width - 2 * inset, height - 2 * inset, height / 2 - inset)
  context.stroke()

  context.fillStyle = 'white'
  sparkle(context, pad + icon * 0.42, height * 0.54, icon * 0.46)
  sparkle(context, pad + icon * 0.86, height * 0.3, icon * 0.2)
  context.font = font
  context.textBaseline = 'alphabetic'
  context.fillText(WORDS, pad + icon + gap, height * 0.685)
  return canvas.transferToImageBitmap()
}

/** A four-pointed star with hollow sides. */
function sparkle(context: OffscreenCanvasRenderingContext2D, x: number, y: number, radius: number): void {
  const waist = radius * 0.16
  context.beginPath()
  context.moveTo(x, y - radius)
  context.quadraticCurveTo(x + waist, y - waist, x + radius, y)
  context.quadraticCurveTo(x + waist, y + waist, x, y + radius)
  context.quadraticCurveTo(x - waist, y + waist, x - radius, y)
  context.quadraticCurveTo(x - waist, y - waist, x, y - radius)
  context.fill()
}

function contextOf(canvas: OffscreenCanvas): OffscreenCanvasRenderingContext2D {
  const context = canvas.getContext('2d')
  if (!context) throw new Error('This browser offers no 2-D drawing.')
  return context
}
