import type { Capabilities } from '../../workers/studio/studio-api'
import type { CameraChoice } from '../camera/camera'
import type { Settings } from '../settings/schema'

/** What to ask the camera for. Automatic is 720p where a real GPU draws, else what two CPU cores keep up with. */
export function cameraChoice(
  { cameraId, facing, size, rate }: Pick<Settings, 'cameraId' | 'facing' | 'size' | 'rate'>,
  capabilities: Pick<Capabilities, 'webgpu' | 'compositor'> | undefined,
): CameraChoice {
  const isFast = capabilities?.compositor === 'webgpu' && capabilities.webgpu?.software === false
  const [width = 640, height = 480] = (size === 'auto' ? (isFast ? '1280x720' : '640x480') : size)
    .split('x')
    .map(Number)
  return { deviceId: cameraId, facing, width, height, fps: rate === 'auto' ? 30 : Number(rate) }
}
