/** Tick and gap in ms. The server takes a silent client for lost after 10 s, so a machine that slept longer has a dead socket. */
const tickMs = 2_000
const sleptMs = 10_000

/**
 * Calls back when a connection is worth a new try at once. `dead`: the old one can't have survived (the machine slept, the
 * browser froze the page), even where no close event has come.
 */
export function onWake(listener: (dead: boolean) => void): void {
  addEventListener('online', () => listener(false))
  document.addEventListener('resume', () => listener(true))
  addEventListener('pageshow', event => event.persisted && listener(true))
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && listener(false))
  watchSleep(() => listener(true))
}

/** A hidden page's timers are slowed to one a minute, so only a visible one can tell sleep from that. */
function watchSleep(listener: () => void): void {
  let last = Date.now()
  let wasVisible = true
  setInterval(() => {
    const now = Date.now()
    const visible = document.visibilityState === 'visible'
    if (visible && wasVisible && now - last > sleptMs) listener()
    last = now
    wasVisible = visible
  }, tickMs)
}
