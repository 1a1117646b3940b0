import { ToolError } from '../../core/errors.ts'
import type { Linux } from '../../linux/linux.ts'
import type { Denial } from '../../linux/ptrace-access.ts'
import type { ToolContext } from '../context.ts'
import type { ListedProcess } from '../processes/schema.ts'
import { readChildren } from './children.ts'
import { type Choice, chooseProcesses } from './choose.ts'
import { isIneffective } from './judge.ts'
import { listSignals } from './list.ts'
import { meet, processEvent, type Recipient } from './recipient.ts'
import type { SignalEvent, SignalInput, SignalResult, SignalSummary } from './schema.ts'
import { send } from './send.ts'
import { readSignal } from './signal-word.ts'
import { noneYet } from './tally.ts'
import { watchProcesses } from './watch.ts'

/** Who is chosen and what each would do, then the sending, then what happened. */
export async function* runSignal(input: SignalInput, context: ToolContext): AsyncGenerator<SignalEvent> {
  if (input.list) return yield* listSignals(input.list)
  const signal = readSignal('signal', input.signal ?? missingSignal())
  const choice = await chooseProcesses(input, context)
  const { linux } = context
  const summary = noneYet(signal, input.dryRun)
  const present: Recipient[] = []
  for (const process of choice.processes) {
    const recipient = meet(linux, process, signal, choice.system)
    if (recipient) present.push(recipient)
    yield recipient ? processEvent(recipient) : vanished(summary, process.pid)
  }
  summary.selected = present.length
  summary.missing = choice.missing
  summary.notes = choice.notes
  for (const pid of choice.hidden) yield refused(summary, pid, hiddenBy)
  const reached = input.dryRun
    ? yield* tryOut(present, linux, summary)
    : yield* deliver(present, signal, input, context, summary)
  summary.unmatched = unmatchedWords(choice, reached)
  yield summary
}

function missingSignal(): never {
  const message = 'is missing'
  throw new ToolError('invalid_input', `signal: ${message}`, { fields: [{ path: 'signal', message }] })
}

/** Signal 0 asks for the right to send, and does nothing; a tree that isn't the running kernel's can't be asked. */
function* tryOut(present: Recipient[], linux: Linux, summary: SignalSummary): Generator<SignalEvent, Recipient[]> {
  if (!linux.kill) return present
  for (const recipient of present) {
    const sending = send(linux, recipient, 0)
    if (typeof sending === 'object') yield refused(summary, recipient.process.pid, sending)
  }
  return present
}

async function* deliver(
  present: Recipient[],
  signal: number,
  { waitMs }: SignalInput,
  context: ToolContext,
  summary: SignalSummary,
): AsyncGenerator<SignalEvent, Recipient[]> {
  const isWatched = waitMs > 0 && signal !== 0
  const childrenBefore = isWatched ? await readChildren(context) : new Map()
  const reached: Recipient[] = []
  for (const recipient of present) {
    const { pid } = recipient.process
    const sending = send(context.linux, recipient, signal)
    if (sending === 'sent') reached.push(recipient)
    if (sending === 'sent') yield { type: 'sent', pid }
    else yield sending === 'vanished' ? vanished(summary, pid) : refused(summary, pid, sending)
  }
  summary.sent = reached.length
  if (!isWatched) return reached
  for await (const [recipient, result] of watchProcesses(
    { recipients: reached, signal, waitMs, childrenBefore },
    context,
  )) {
    summary.outcomes[result.outcome]++
    if (isIneffective(recipient, result.outcome, signal)) summary.ineffective++
    yield result
  }
  return reached
}

function vanished(summary: SignalSummary, pid: number): SignalResult {
  summary.outcomes.vanished++
  const note = 'it ended before the signal was sent'
  return { type: 'result', pid, outcome: 'vanished', afterMs: 0, state: null, newChildren: [], goneChildren: [], note }
}

function refused(summary: SignalSummary, pid: number, { reason, remedy }: Denial): SignalEvent {
  summary.denied++
  return { type: 'denied', pid, reason, remedy }
}

const hiddenBy: Denial = {
  reason: '/proc hides it (hidepid), so ditty does not know who would get the signal',
  remedy: "run as UID 0, or with a group that /proc's gid= option names",
}

/** Names and patterns that brought nobody. */
function unmatchedWords({ byWord }: Choice, reached: readonly Recipient[]): string[] {
  const processes = reached.map(({ process }) => process)
  const brought = (matching: Set<ListedProcess>) => processes.some(process => matching.has(process))
  return [...byWord].filter(([, matching]) => !brought(matching)).map(([word]) => word)
}
