import { type Clock, systemClock } from '../../../server/core/context.ts'
import { parseInput } from '../../../server/core/input.ts'
import { run } from '../../../server/core/run.ts'
import type { Linux } from '../../../server/linux/linux.ts'
import type { LimitsEvent } from '../../../server/tools/limits/schema.ts'
import { limits } from '../../../server/tools/limits/tool.ts'

type Of<Type extends LimitsEvent['type']> = Extract<LimitsEvent, { type: Type }>

/** A run's events, and those of one type, of which the last or all are wanted. */
export async function runLimits(linux: Linux, fields: object = {}, clock: Clock = systemClock, stop?: AbortSignal) {
  const signal = new AbortController().signal
  const events: LimitsEvent[] = []
  const input = await parseInput(limits.input, fields)
  for await (const event of run(limits as never, input, { signal, stop: stop ?? signal, clock, linux } as never))
    events.push(limits.event.parse(event) as LimitsEvent)
  const all = <Type extends LimitsEvent['type']>(type: Type) =>
    events.filter((event): event is Of<Type> => event.type === type)
  return { events, all, last: <Type extends LimitsEvent['type']>(type: Type) => all(type).at(-1) }
}
