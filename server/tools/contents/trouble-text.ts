import type { TroubleEvent } from './trouble.ts'

/** What is to be done about it, on a line of its own, where the words of the C tool don't say. */
export const remedyLine = (command: string, { errno, message, remedy }: TroubleEvent): string =>
  remedy === null ? '' : `${command}: ${errno === null ? '' : `${message}; `}${remedy}\n`
