import { outcomes, type SignalSummary } from './schema.ts'
import { fullName } from './signal-word.ts'

/** The summary before anything was done; `signal` is null for a list. */
export const noneYet = (signal: number | null, dryRun: boolean): SignalSummary => ({
  type: 'summary',
  signal: signal === null ? null : fullName(signal),
  signalNumber: signal,
  dryRun,
  selected: 0,
  sent: 0,
  denied: 0,
  outcomes: Object.fromEntries(outcomes.map(outcome => [outcome, 0])) as SignalSummary['outcomes'],
  ineffective: 0,
  missing: [],
  unmatched: [],
  notes: [],
})
