import type { ToolContext } from '../context.ts'
import { fieldOf } from './fields.ts'
import type { TopEvent, TopInput } from './schema.ts'
import { Watch } from './watch.ts'

/** Looks that follow each other at once would have next to nothing between them. */
const leastMs = 100

/** Looks, waits, looks again, and tells what was between. A live screen may ask for something else on the way. */
export async function* runTop(begun: TopInput, context: ToolContext): AsyncGenerator<TopEvent | TopEvent[]> {
  const { signal, stop } = context
  const enough = AbortSignal.any([signal, stop])
  let input = wishOf(begun, context)
  fieldOf(input.sort.replace(/^[+-]/, ''), 'sort')
  const watch = await Watch.open(input, context)
  let samples = 0
  while (!enough.aborted) {
    const dueMs = dueAt(watch, input, samples, context)
    if (wishOf(begun, context) === input || samples === 0) await waitUntil(dueMs, context, enough)
    if (enough.aborted) break
    const before = input
    input = wishOf(begun, context)
    const turn = samples === 0 ? 'look' : turnOf(before, input, context.clock.monotonic() >= dueMs)
    if (turn === 'tell again') yield* watch.tellAgain(input)
    if (turn !== 'look') continue
    if (context.steering) context.steering.isHurried = false
    yield* watch.tell(input, ++samples)
    if (samples === input.count) break
  }
  yield { type: 'summary', samples, missing: watch.missing(input.pids), notes: watch.notes }
}

const wishOf = (begun: TopInput, { steering }: ToolContext) => (steering?.wish as TopInput | undefined) ?? begun

function dueAt(watch: Watch, input: TopInput, samples: number, { steering }: ToolContext): number {
  const seconds = samples === 0 ? (input.firstSeconds ?? input.intervalSeconds) : input.intervalSeconds
  return watch.lookedAtMs + Math.max(leastMs, steering?.isHurried ? 0 : seconds * 1000)
}

function turnOf(before: TopInput, input: TopInput, isDue: boolean): 'look' | 'tell again' | 'wait' {
  if (isDue) return 'look'
  if (input === before) return 'wait'
  const isSameLook = before.pids === input.pids && before.threads === input.threads && before.io === input.io
  return isSameLook ? 'tell again' : 'look'
}

/** Returns at the time, or as soon as something else is asked for. */
async function waitUntil(dueMs: number, { clock, steering }: ToolContext, enough: AbortSignal): Promise<void> {
  const change = new AbortController()
  void steering?.changed.then(() => change.abort())
  await clock.sleep(Math.max(0, dueMs - clock.monotonic()), AbortSignal.any([enough, change.signal]))
}
