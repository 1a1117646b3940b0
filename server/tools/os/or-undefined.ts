import { errnoOf } from '../../linux/linux.ts'

/** The value, or undefined where the kernel has none to show: the process ended, the file is missing, or it is denied. */
export function orUndefined<Value>(read: () => Value): Value | undefined {
  try {
    return read()
  } catch (error) {
    if (errnoOf(error) === undefined) throw error
    return undefined
  }
}
