import { besideExit } from '../../linux/pool-thread.ts'

/** Longest wait for one name, in ms: past it the address alone is shown, as a broken resolver is a reason to ping at all. */
const lookupMs = 1000
/** Addresses remembered: more routers than any path has. */
const maxNames = 256

/** The names of the addresses that answer, each asked for once. */
export class PeerNames {
  readonly #names = new Map<string, Promise<string | null> | null>()
  readonly #wanted: boolean
  readonly #signals: AbortSignal[]

  /** `wanted`: without it nothing is asked and every name is null. A signal ends the wait for one. */
  constructor(wanted: boolean, signals: AbortSignal[]) {
    this.#wanted = wanted
    this.#signals = signals
  }

  /** Null when there is none, or none came in time. */
  of(address: string): Promise<string | null> | null {
    if (!this.#wanted) return null
    let name = this.#names.get(address)
    if (name === undefined) {
      name = this.#names.size < maxNames ? this.#ask(address) : null
      this.#names.set(address, name)
    }
    return name
  }

  async #ask(address: string): Promise<string | null> {
    const { lookupService } = await import('node:dns')
    const ended = AbortSignal.any([...this.#signals, AbortSignal.timeout(lookupMs)])
    const found = new Promise<string | null>(resolve => {
      lookupService(address, 0, (_error, name) => resolve(name === undefined || name === address ? null : name))
    })
    const unanswered = new Promise<null>(resolve => ended.addEventListener('abort', () => resolve(null)))
    return Promise.race([besideExit(found), unanswered])
  }
}
