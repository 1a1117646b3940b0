import { systemClock } from '../../../server/core/context.ts'
import { parseInput } from '../../../server/core/input.ts'
import type { Linux } from '../../../server/linux/linux.ts'
import type { MountEvent, MountsEvent, MountsSummary } from '../../../server/tools/mounts/schema.ts'
import { mounts } from '../../../server/tools/mounts/tool.ts'

type Of<Type extends MountsEvent['type']> = Extract<MountsEvent, { type: Type }>

/** A run's events by type, and how it came out. */
export async function runMounts(linux: Linux, fields: object = {}, signal = new AbortController().signal) {
  const input = await parseInput(mounts.input, fields)
  const events: MountsEvent[] = []
  for await (const event of mounts.run(input, { signal, stop: signal, clock: systemClock, linux }))
    events.push(mounts.event.parse(event) as MountsEvent)
  const all = <Type extends MountsEvent['type']>(type: Type) =>
    events.filter((event): event is Of<Type> => event.type === type)
  const summary = events.at(-1) as MountsSummary
  return {
    events,
    all,
    summary,
    outcome: mounts.outcome(summary, input),
    at: (mountPoint: string): MountEvent | undefined => all('mount').find(mount => mount.mountPoint === mountPoint),
  }
}
