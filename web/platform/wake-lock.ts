import { type Accessor, createEffect, onCleanup } from 'solid-js'

/** Keeps the screen on while `wanted`. A hidden page loses the lock and takes it again when shown. */
export function createWakeLock(wanted: Accessor<boolean>): void {
  let lock: WakeLockSentinel | undefined

  const take = async () => {
    if (!wanted() || document.hidden || lock?.released === false) return
    // Refused on low battery, absent in old browsers: the screen may then go dark, which harms nothing.
    lock = await navigator.wakeLock?.request('screen').catch(() => undefined)
    if (!wanted()) drop()
  }
  const drop = () => {
    void lock?.release()
    lock = undefined
  }

  createEffect(() => (wanted() ? void take() : drop()))
  document.addEventListener('visibilitychange', take)
  onCleanup(() => {
    document.removeEventListener('visibilitychange', take)
    drop()
  })
}
