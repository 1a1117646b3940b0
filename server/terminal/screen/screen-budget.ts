import type { Limits } from '../limits.ts'

/** What a screen is to its budget. */
interface Holder {
  /** Bytes of what it was put by as. */
  readonly frozenBytes: number
  /** It must not be put by just now. */
  readonly isInUse: boolean
  freeze(): void
}

/** No screen gets less, whatever the others hold: a screen full of colour, and some lines above it. */
const smallestShare = 64 * 1024

/** Memory that all screens share: few are in use at once, and the others are put by. */
export class ScreenBudget {
  readonly #limits: Pick<Limits, 'liveScreens' | 'screenBudgetBytes' | 'screenIdleMs'>
  readonly #all = new Set<Holder>()
  /** When each in use was last used, the one used last at the end. */
  readonly #live = new Map<Holder, number>()
  #timer: NodeJS.Timeout | undefined

  constructor(limits: Pick<Limits, 'liveScreens' | 'screenBudgetBytes' | 'screenIdleMs'>) {
    this.#limits = limits
  }

  /** Bytes that one more screen may be put by as. */
  get share(): number {
    let left = this.#limits.screenBudgetBytes
    for (const { frozenBytes } of this.#all) left -= frozenBytes
    return Math.max(left, smallestShare)
  }

  /** This one is used now; of more than the limit the one not used for longest is put by. */
  use(holder: Holder): void {
    this.#all.add(holder)
    this.#live.delete(holder)
    this.#live.set(holder, performance.now())
    this.#timer ??= setInterval(() => this.#tidy(), this.#limits.screenIdleMs / 4).unref()
    for (const [other] of this.#live) {
      if (this.#live.size <= this.#limits.liveScreens) break
      if (other !== holder && !other.isInUse) this.putBy(other)
    }
  }

  putBy(holder: Holder): void {
    this.#live.delete(holder)
    holder.freeze()
  }

  forget(holder: Holder): void {
    this.#all.delete(holder)
    this.#live.delete(holder)
    this.#rest()
  }

  /** One at a time: each takes some ms. */
  #tidy(): void {
    const before = performance.now() - this.#limits.screenIdleMs
    for (const [holder, usedAt] of this.#live) {
      if (usedAt > before) break
      if (holder.isInUse) continue
      this.putBy(holder)
      break
    }
    this.#rest()
  }

  #rest(): void {
    if (this.#live.size > 0) return
    clearInterval(this.#timer)
    this.#timer = undefined
  }
}
