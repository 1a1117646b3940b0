import { Listeners } from '../listeners.ts'

export type Modifier = 'ctrl' | 'alt'
export type Hold = 'off' | 'once' | 'locked'

/** How soon after a tap another one locks the modifier, in ms: as phones do with Shift. */
const doubleTapMs = 400

/** Ctrl and Alt of the key bar: a tap holds one for the next key, a double tap until the next tap. */
export class StickyModifiers {
  readonly #holds: Record<Modifier, Hold> = { ctrl: 'off', alt: 'off' }
  readonly #taps: Record<Modifier, number> = { ctrl: Number.NEGATIVE_INFINITY, alt: Number.NEGATIVE_INFINITY }
  readonly #changes = new Listeners()

  onChange(listener: () => void): () => void {
    return this.#changes.add(listener)
  }

  hold(modifier: Modifier): Hold {
    return this.#holds[modifier]
  }

  tap(modifier: Modifier, now: number): void {
    const isDouble = now - this.#taps[modifier] <= doubleTapMs
    this.#taps[modifier] = now
    const hold = this.#holds[modifier]
    this.#holds[modifier] = hold === 'off' ? 'once' : hold === 'once' && isDouble ? 'locked' : 'off'
    this.#changes.emit()
  }

  /** What typed text becomes with what is held. More than one character (a word of an IME, a paste) can't be held with Ctrl. */
  apply(typed: string): string {
    const { ctrl, alt } = this.#holds
    const isKey = [...typed].length === 1 && typed !== '\x1b'
    if ((ctrl === 'off' && alt === 'off') || !isKey) return typed
    const key = ctrl === 'off' ? typed : withCtrl(typed)
    const sent = alt === 'off' ? key : `\x1b${key}`
    this.release()
    return sent
  }

  /** The number that stands for them in sequences like `CSI 1 ; 5 A`; 1 for none. */
  get parameter(): number {
    return 1 + (this.#holds.alt === 'off' ? 0 : 2) + (this.#holds.ctrl === 'off' ? 0 : 4)
  }

  /** After a key, what was held for just one is let go. */
  release(): void {
    for (const modifier of ['ctrl', 'alt'] as const) if (this.#holds[modifier] === 'once') this.#holds[modifier] = 'off'
    this.#changes.emit()
  }
}

/** As on a keyboard: letters and @ [ \ ] ^ _ take their place among the control characters, anything else stays. */
function withCtrl(key: string): string {
  if (key === '?') return '\x7f'
  if (key === ' ') return '\x00'
  if (key === '/' || key === '-') return '\x1f'
  return /^[@-_a-z]$/i.test(key) ? String.fromCharCode(key.toUpperCase().charCodeAt(0) & 0x1f) : key
}

/** The page has one key bar for all its terminals. */
export const stickyModifiers = new StickyModifiers()
