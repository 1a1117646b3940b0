import { ToolError } from '../../core/errors.ts'
import { orUnknown } from '../../linux/open-files/places.ts'
import { readPidStat } from '../../linux/procfs/pid-stat.ts'
import type { ToolContext } from '../context.ts'
import { runSignal } from '../signal/run.ts'
import { input as signalInput } from '../signal/schema.ts'
import { fullName, readSignal } from '../signal/signal-word.ts'
import type { Event, Input } from './schema.ts'
import type { Tally } from './tally.ts'

/**
 * Only what was named may be signalled: each condition less would reach more processes, up to all there are. Throws ToolError
 * `invalid_input`.
 */
export function checkKill(input: Input, signal: string): void {
  readSignal('kill', signal)
  if (input.match === 'any')
    throw refused('one condition of several is too little to signal a process for; leave match at all')
  if (naming.every(field => input[field] === undefined))
    throw refused(`whose processes are meant is not said; give one of ${naming.join(', ')}`)
}

const naming = [
  'paths',
  'below',
  'directlyBelow',
  'ports',
  'pids',
  'pgids',
  'commands',
] as const satisfies (keyof Input)[]

const refused = (message: string) =>
  new ToolError('invalid_input', `kill: ${message}`, { fields: [{ path: 'kill', message }] })

/** Signals those whose files were listed, as ditty signal does; not ditty itself, and nobody who has got a pid since. */
export async function* signalHolders(
  signal: string,
  waitMs: number,
  tally: Tally,
  context: ToolContext,
): AsyncGenerator<Event> {
  const { linux } = context
  const name = fullName(readSignal('kill', signal))
  tally.signalled = { signal: name, sent: 0, denied: 0, ineffective: 0 }
  const own = orUnknown(() => Number(linux.readlink('/proc/self')))
  const pids = [...tally.holders].flatMap(([pid, startTicks]) => {
    const isSame = orUnknown(() => readPidStat(linux, pid).startTicks) === startTicks
    return isSame && pid !== own ? [pid] : []
  })
  if (pids.length === 0) return
  for await (const event of runSignal(signalInput.parse({ signal, pids, waitMs }), context)) {
    if (event.type === 'summary') {
      const { sent, denied, ineffective } = event
      tally.signalled = { signal: name, sent, denied, ineffective }
    } else if (event.type === 'sent' || event.type === 'denied' || event.type === 'result') yield event
  }
}
