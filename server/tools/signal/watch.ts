import type { PidStat } from '../../linux/procfs/pid-stat.ts'
import type { ToolContext } from '../context.ts'
import { type Children, changeOf, readChildren } from './children.ts'
import { judgeAtLast, judgeAtOnce, type Verdict } from './judge.ts'
import { lookAgain, type Recipient } from './recipient.ts'
import type { SignalResult } from './schema.ts'

export interface Watch {
  recipients: readonly Recipient[]
  signal: number
  waitMs: number
  childrenBefore: Children
}

export type Watched = [recipient: Recipient, result: SignalResult]

/** Tells what each does, as soon as it is sure, and at the end of the wait at the latest. Ctrl-C ends the wait. */
export async function* watchProcesses(watch: Watch, context: ToolContext): AsyncGenerator<Watched> {
  const { clock, signal, stop, linux } = context
  const started = clock.monotonic()
  const elapsed = () => clock.monotonic() - started
  const enough = AbortSignal.any([signal, stop])
  const waiting = new Set(watch.recipients)
  for (;;) {
    for (const recipient of waiting) {
      const now = lookAgain(linux, recipient)
      const verdict = judgeAtOnce(recipient, now)
      if (!verdict) continue
      waiting.delete(recipient)
      yield [recipient, resultOf(recipient, now, verdict, elapsed())]
    }
    const left = watch.waitMs - elapsed()
    if (waiting.size === 0 || left <= 0 || stop.aborted) break
    await clock.sleep(Math.min(left, pauseMs(elapsed(), waiting.size)), enough)
    signal.throwIfAborted()
  }
  if (waiting.size > 0) yield* judgeRest(waiting, watch, elapsed, context)
}

/** Often at first, when most happens, then each half second; a look costs some 10 µs for each process, and shall not take a tenth of a CPU. */
const pauseMs = (elapsedMs: number, processes: number) => Math.min(500, Math.max(20, elapsedMs / 20)) + processes / 10

async function* judgeRest(
  waiting: Iterable<Recipient>,
  { signal, childrenBefore }: Watch,
  elapsed: () => number,
  context: ToolContext,
): AsyncGenerator<Watched> {
  const childrenNow = await readChildren(context)
  for (const recipient of waiting) {
    const now = lookAgain(context.linux, recipient)
    const change = changeOf(childrenBefore, childrenNow, recipient.process.pid)
    const verdict = judgeAtOnce(recipient, now) ?? judgeAtLast(context.linux, recipient, now!, signal, change)
    yield [recipient, { ...resultOf(recipient, now, verdict, elapsed()), ...(now ? change : {}) }]
  }
}

function resultOf({ process }: Recipient, now: PidStat | undefined, verdict: Verdict, elapsedMs: number): SignalResult {
  const afterMs = Math.round(elapsedMs * 10) / 10
  const nobody = { newChildren: [], goneChildren: [] }
  return { type: 'result', pid: process.pid, ...verdict, afterMs, state: now?.state ?? null, ...nobody }
}
