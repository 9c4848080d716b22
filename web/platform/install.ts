import { createSignal } from 'solid-js'

/** Installing as an app, being ready offline, and changing to a new version when the person says so. */
export function createInstall(onUpdate: (accept: () => void) => void) {
  const [prompt, setPrompt] = createSignal<BeforeInstallPromptEvent>()
  const [offlineReady, setOfflineReady] = createSignal(false)
  const installed = matchMedia('(display-mode: standalone)').matches

  window.addEventListener('beforeinstallprompt', (event) => {
    event.preventDefault() // the browser's own banner would cover the picture; the button asks instead
    setPrompt(event)
  })
  window.addEventListener('appinstalled', () => setPrompt(undefined))

  const install = async () => {
    await prompt()?.prompt()
    setPrompt(undefined)
  }

  // While developing there is no built worker to register.
  if (import.meta.env.PROD && 'serviceWorker' in navigator) void register()

  async function register() {
    let hadWorker = navigator.serviceWorker.controller !== null
    try {
      const registration = await navigator.serviceWorker.register('/sw.js', { scope: '/' })
      const offer = () => {
        const { waiting } = registration
        if (waiting) onUpdate(() => waiting.postMessage({ type: 'SKIP_WAITING' }))
      }
      offer()
      registration.addEventListener('updatefound', () => {
        registration.installing?.addEventListener('statechange', () => {
          if (navigator.serviceWorker.controller) offer()
        })
      })
      navigator.serviceWorker.addEventListener('controllerchange', () => {
        if (hadWorker) location.reload() // accepted here or in another tab
        hadWorker = true
      })
      await navigator.serviceWorker.ready
      setOfflineReady(true)
    } catch {
      // Private windows and blocked storage have no service workers: everything works, online only.
    }
  }

  return { canInstall: () => prompt() !== undefined, install, installed, offlineReady }
}
