import { systemClock } from '../../../server/core/context.ts'
import { parseInput } from '../../../server/core/input.ts'
import { run } from '../../../server/core/run.ts'
import type { Chunk, Renderer } from '../../../server/core/tool.ts'
import type { Linux } from '../../../server/linux/linux.ts'
import type { OsEvent } from '../../../server/tools/os/schema.ts'
import { os } from '../../../server/tools/os/tool.ts'

type Of<Type extends OsEvent['type']> = Extract<OsEvent, { type: Type }>

/** A run's events, those of one type, and what was thrown in the end. */
export async function runOs(linux: Linux, fields: object = {}) {
  const { signal } = new AbortController()
  const events: OsEvent[] = []
  const input = await parseInput(os.input, fields)
  let error: unknown
  try {
    for await (const event of run(os as never, input, { signal, stop: signal, clock: systemClock, linux } as never))
      events.push(os.event.parse(event) as OsEvent)
  } catch (thrown) {
    error = thrown
  }
  const all = <Type extends OsEvent['type']>(type: Type) =>
    events.filter((event): event is Of<Type> => event.type === type)
  return { events, error, all, one: <Type extends OsEvent['type']>(type: Type) => all(type)[0] }
}

/** What a terminal of 80 columns shows of these events: stdout and stderr apart. */
export function printOs(events: readonly OsEvent[], fields: object = {}) {
  const screen = { colour: false, columns: 80, isTerminal: false }
  const render = os.text(fields as never, os.view.parse({}), screen) as Renderer<OsEvent>
  const chunks = events.flatMap(event => [render(event) ?? []].flat() as Chunk[])
  const stdout = chunks.filter(chunk => typeof chunk === 'string').join('')
  const stderr = chunks.map(chunk => (typeof chunk === 'object' && 'stderr' in chunk ? chunk.stderr : '')).join('')
  return { stdout, stderr }
}
