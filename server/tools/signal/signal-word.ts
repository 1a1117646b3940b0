import { ToolError } from '../../core/errors.ts'
import { nearWords } from '../../core/near-words.ts'
import { signalName, signalNumber, standardSignals } from '../../linux/signals.ts'

/** The number of a signal as somebody wrote it. Throws ToolError `invalid_input` that names those it may have meant. */
export function readSignal(field: string, word: string): number {
  const number = signalNumber(word)
  if (number !== undefined) return number
  const near = nearWords(word.replace(/^SIG/i, ''), standardSignals)
  const hint =
    near.length > 0 ? `did you mean ${near.join(' or ')}?` : 'kill -l lists them; RTMIN+n and RTMAX-n are realtime ones'
  const message = `there is no signal '${word}'; ${hint}`
  throw new ToolError('invalid_input', `${field}: ${message}`, { fields: [{ path: field, message }] })
}

/** `SIGHUP`; null for 0. */
export const fullName = (number: number): string | null => (number === 0 ? null : `SIG${signalName(number)}`)
