import { createContext, useContext } from 'solid-js'
import type { Generation } from './generation'

export const GenerationContext = createContext<Generation>()

export function useGeneration(): Generation {
  const generation = useContext(GenerationContext)
  if (!generation) throw new Error('useGeneration() outside its pages')
  return generation
}
