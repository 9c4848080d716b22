/** Notifications of the system, for those who asked for them. */
import { problem } from '../words/errors'

export const canNotify = (): boolean => 'Notification' in window

/** Asks for permission where that is still open. Rejects with a `NotificationsBlockedError` where it is refused. */
export async function allowNotifications(): Promise<void> {
  const permission = canNotify() ? await Notification.requestPermission() : 'denied'
  if (permission !== 'granted') throw problem('NotificationsBlockedError')
}

/** Shows one, unless it was refused meanwhile. Pressed, it leads to `path`. The same tag replaces what was shown under it. */
export async function notify(title: string, body: string, tag: string, path: string): Promise<void> {
  if (!canNotify() || Notification.permission !== 'granted') return
  const options = { body, tag, icon: '/icons/icon-192.png', data: { path } }
  // On phones only the service worker may show any.
  const registration = await navigator.serviceWorker?.getRegistration().catch(() => undefined)
  if (registration) return registration.showNotification(title, options)
  const notification = new Notification(title, options)
  notification.onclick = () => {
    window.focus()
    notification.close()
  }
}
