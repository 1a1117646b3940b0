import { ToolError } from '../../core/errors.ts'

/** The words of a comma-separated list, after those of the same flag before it. */
export function readWords(list: string, previous: unknown): string[] {
  const words = list.split(/[\s,]+/).filter(Boolean)
  if (words.length === 0) throw new ToolError('invalid_input', 'an empty list')
  return [...((previous as string[] | undefined) ?? []), ...words]
}

export function readPids(list: string, previous: unknown): number[] {
  const pids = readWords(list, undefined).map(Number)
  if (!pids.every(pid => Number.isInteger(pid) && pid > 0))
    throw new ToolError('invalid_input', `process ID list syntax error: ${list}`)
  return [...((previous as number[] | undefined) ?? []), ...pids]
}
