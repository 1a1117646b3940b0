import type { Draft, Flag } from '../../core/tool.ts'
import { signalNumber } from '../../linux/signals.ts'
import { readSignal } from './signal-word.ts'

/** Takes `-HUP`, `-SIGHUP` and `-1`. A capital that is no flag's letter can only begin the name of a signal. */
export const takeDashedSignal = (flags: readonly Flag[]) => (word: string, draft: Draft) => {
  const name = word.slice(1)
  const isFirst = draft.signal === undefined
  if (isFirst && (signalNumber(name) !== undefined || /^\d+$/.test(name) || isOnlyName(name, flags))) {
    readSignal('signal', name)
    draft.signal = name
    return true
  }
  return false
}

const isOnlyName = (name: string, flags: readonly Flag[]) =>
  /^[A-Z]/.test(name) && flags.every(({ short }) => short !== name[0])
