import { printable } from '../processes/printable.ts'
import type { SignalEvent, SignalProcess, SignalView } from './schema.ts'

/** Gathers who is chosen, and tells it as pgrep(1) does. */
export class Found {
  readonly #processes: string[] = []
  readonly #view: SignalView

  constructor(view: SignalView) {
    this.#view = view
  }

  add(event: SignalEvent): void {
    if (event.type === 'process') this.#processes.push(foundText(event, this.#view))
  }

  text(): string {
    const { show, delimiter } = this.#view
    if (show.includes('count')) return `${this.#processes.length}\n`
    return this.#processes.length > 0 ? `${this.#processes.join(delimiter)}\n` : ''
  }
}

function foundText({ pid, comm, args }: SignalProcess, { show }: SignalView): string {
  if (show.includes('args')) return `${pid} ${printable(args)}`
  return show.includes('name') ? `${pid} ${printable(comm)}` : String(pid)
}
