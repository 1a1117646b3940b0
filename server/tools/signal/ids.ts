import { ToolError } from '../../core/errors.ts'
import { readWords } from '../processes/words.ts'

/** A pid, or -N for the process group N. */
export function readPid(word: string): number {
  if (/^-?\d{1,10}$/.test(word)) return Number(word)
  throw new ToolError('invalid_input', `'${word}' is no pid`)
}

export const readIds = (list: string, previous: unknown): number[] => [
  ...((previous as number[] | undefined) ?? []),
  ...readWords(list, undefined).map(readPid),
]
