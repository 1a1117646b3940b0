/**
 * asciicast, the file of a recorded terminal: a line of JSON that says what it is, then a line for each event. Version 3 tells the
 * time since the event before, version 2 since the start. https://docs.asciinema.org/manual/asciicast/v3/ and …/v2/
 */

export type CastVersion = 2 | 3

/** Output, input, a new size, a mark, the exit status. Readers pass over codes they don't know. */
export type CastCode = 'o' | 'i' | 'r' | 'm' | 'x'

export interface CastHeader {
  cols: number
  rows: number
  /** `TERM`. */
  type?: string | undefined
  /** Unix time of the start, in seconds. */
  timestamp?: number | undefined
  title?: string | undefined
  command?: string | undefined
  env?: Record<string, string> | undefined
}

export function castHeaderLine(version: CastVersion, header: CastHeader): string {
  const { cols, rows, type, timestamp, command, title, env } = header
  if (version === 3) return JSON.stringify({ version, term: { cols, rows, type }, timestamp, command, title, env })
  const withType = type === undefined ? env : { ...env, TERM: type }
  return JSON.stringify({ version, width: cols, height: rows, timestamp, command, title, env: withType })
}

/** `ms`: since the event before in version 3, since the start in version 2. */
export const castEventLine = (ms: number, code: CastCode, data: string): string =>
  `[${castTime(ms)}, "${code}", ${JSON.stringify(data)}]`

export const castTime = (ms: number): string => (ms / 1000).toFixed(3)
