import { settings } from '../settings.ts'
import type { Feature } from './feature.ts'

/** How long a bell shows on its terminal, in ms. */
const ringMs = 180

/** A program rings: its terminal glows for a moment, and a tab that isn't on the stage is marked until it is. */
export const bell: Feature = {
  addTo(pane, workspace) {
    let glowing: Animation | undefined
    const bell = pane.terminal.onBell(() => {
      // A program may ring a million times; one glow ends before the next begins.
      if (!settings().bell || glowing?.playState === 'running') return
      if (!workspace.tab?.panes.includes(pane)) pane.status.hasRung = true
      const glow = [{ boxShadow: 'inset 0 0 0 2px var(--brass)' }, { boxShadow: 'inset 0 0 0 2px transparent' }]
      glowing = pane.element.animate(glow, { duration: ringMs, easing: 'ease-in' })
    })
    pane.whenClosed(() => bell.dispose())
  },
}
