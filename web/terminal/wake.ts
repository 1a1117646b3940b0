/** Tick and gap in ms. The server takes a silent client for lost after 10 s, so a machine that slept longer has a dead socket. */
const tickMs = 2_000
const sleptMs = 10_000

/**
 * Calls back when a connection is worth a new try at once. `dead`: the old one can't have survived (the machine slept, the
 * browser froze the page, the network is another one), even where no close event has come. Gives what ends it.
 */
export function onWake(listener: (dead: boolean) => void): () => void {
  const ended = new AbortController()
  const { signal } = ended
  addEventListener('online', () => listener(true), { signal })
  document.addEventListener('resume', () => listener(true), { signal })
  addEventListener('pageshow', event => event.persisted && listener(true), { signal })
  const seen = () => document.visibilityState === 'visible' && listener(false)
  document.addEventListener('visibilitychange', seen, { signal })
  const watch = watchSleep(() => listener(true))
  signal.addEventListener('abort', () => clearInterval(watch))
  return () => ended.abort()
}

/** A hidden page's timers are slowed to one a minute, so only a visible one can tell sleep from that. */
function watchSleep(listener: () => void): ReturnType<typeof setInterval> {
  let last = Date.now()
  let wasVisible = true
  return setInterval(() => {
    const now = Date.now()
    const visible = document.visibilityState === 'visible'
    if (visible && wasVisible && now - last > sleptMs) listener()
    last = now
    wasVisible = visible
  }, tickMs)
}
