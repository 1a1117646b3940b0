import { defaultAction, lastSignal, signalName } from '../../linux/signals.ts'
import type { SignalEvent } from './schema.ts'
import { readSignal } from './signal-word.ts'
import { noneYet } from './tally.ts'

/** The signals that words stand for, or all there are. */
export function* listSignals(words: readonly string[]): Generator<SignalEvent> {
  for (const number of words.length > 0 ? words.map(numberOf) : allSignals())
    yield { type: 'signal', name: `SIG${signalName(number)}`, number, defaultAction: defaultAction(number) }
  yield noneYet(null, false)
}

/** A shell says 128 + N of a command that signal N ended. */
function numberOf(word: string): number {
  const status = /^\d{3}$/.test(word) ? Number(word) - 128 : Number.NaN
  return readSignal('list', signalName(status) ? String(status) : word)
}

const allSignals = () =>
  Array.from({ length: lastSignal }, (_, at) => at + 1).filter(number => number !== 32 && number !== 33)
