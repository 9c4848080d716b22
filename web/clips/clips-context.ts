import { createContext, useContext } from 'solid-js'
import type { Clips } from './clips'

export const ClipsContext = createContext<Clips>()

export function useClips(): Clips {
  const clips = useContext(ClipsContext)
  if (!clips) throw new Error('useClips() outside the clip page')
  return clips
}
