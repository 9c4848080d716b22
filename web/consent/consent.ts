import { createSignal } from 'solid-js'
import type { SettingsStore } from '../settings/settings'

/** Whether this person has the right to the faces used here: asked once, kept on this device, withdrawable. */
export function createConsent({ settings, change }: SettingsStore) {
  const [isAsking, setAsking] = createSignal(false)
  let answerTo: ((given: boolean) => void)[] = []

  const answer = (given: boolean) => {
    if (given) change({ consentedAt: new Date().toISOString() })
    setAsking(false)
    for (const tell of answerTo) tell(given)
    answerTo = []
  }

  /** At once where it was given before; else when the dialog is answered. */
  const ask = (): Promise<boolean> => {
    if (settings.consentedAt) return Promise.resolve(true)
    setAsking(true)
    return new Promise((resolve) => answerTo.push(resolve))
  }

  return {
    isAsking,
    isGiven: () => settings.consentedAt !== '',
    ask,
    answer,
    withdraw: () => change({ consentedAt: '' }),
  }
}

export type Consent = ReturnType<typeof createConsent>
