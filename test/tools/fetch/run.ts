import { systemClock } from '../../../server/core/context.ts'
import { parseInput } from '../../../server/core/input.ts'
import { Payload } from '../../../server/core/payload.ts'
import { run } from '../../../server/core/run.ts'
import { linuxAt } from '../../../server/linux/linux.ts'
import type { EventOf, FetchEvent } from '../../../server/tools/fetch/schema.ts'
import { fetch } from '../../../server/tools/fetch/tool.ts'

const never = new AbortController().signal

export class Fetched {
  readonly events: (FetchEvent | Payload)[]

  constructor(events: (FetchEvent | Payload)[]) {
    this.events = events
  }

  all<Type extends FetchEvent['type']>(type: Type): EventOf<Type>[] {
    return this.events.filter(event => event.type === type && !(event instanceof Payload)) as EventOf<Type>[]
  }

  one<Type extends FetchEvent['type']>(type: Type): EventOf<Type> {
    const [event] = this.all(type)
    if (!event) throw new Error(`no ${type} among ${this.events.map(({ type }) => type).join(', ')}`)
    return event
  }

  get bodies(): Payload[] {
    return this.events.filter(event => event instanceof Payload)
  }

  get body(): string {
    return Buffer.concat(this.bodies.map(({ bytes }) => bytes)).toString()
  }
}

/** A whole run of the tool over the input as the API would take it. */
export async function fetched(input: object, signal = never): Promise<Fetched> {
  const context = { clock: systemClock, linux: linuxAt('/'), signal, stop: never }
  return new Fetched((await Array.fromAsync(run(fetch, await parseInput(fetch.input, input), context))) as FetchEvent[])
}
