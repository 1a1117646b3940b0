import { ToolError } from '../../core/errors.ts'

/** What orders, filters and stands in columns, each with the words of top(1) for it. */
const fields = {
  pid: ['PID'],
  tid: [],
  ppid: ['PPID'],
  uid: ['UID'],
  user: ['USER'],
  priority: ['PR'],
  nice: ['NI'],
  virtBytes: ['VIRT'],
  resBytes: ['RES'],
  shrBytes: ['SHR'],
  state: ['S'],
  cpuPercent: ['%CPU', 'CPU'],
  memoryPercent: ['%MEM', 'MEM'],
  cpuTimeMs: ['TIME+', 'TIME'],
  threads: ['nTH'],
  processor: ['P'],
  fds: ['nFD'],
  readBytesPerSecond: ['RD/S'],
  writtenBytesPerSecond: ['WR/S'],
  startTime: ['STARTED'],
  comm: ['COMMAND', 'COMM'],
  args: ['CMDLINE'],
  container: ['CONTAINER'],
} as const

export type TopField = keyof typeof fields

export const fieldNames = Object.keys(fields) as [TopField, ...TopField[]]

export const fieldWords = Object.entries(fields).flatMap(([field, words]) => [...words, field])

/** The field that a word means, in any case: `RES`, `res`, `resBytes`. Throws ToolError `invalid_input`. */
export function fieldOf(word: string, path: string): TopField {
  const wanted = word.toLowerCase()
  for (const [field, words] of Object.entries(fields) as [TopField, readonly string[]][])
    if (field.toLowerCase() === wanted || words.some(name => name.toLowerCase() === wanted)) return field
  const names = Object.entries(fields).map(([field, [column = field]]) => column)
  const message = `no field ${word}; there are ${names.join(', ')}`
  throw new ToolError('invalid_input', `${path}: ${message}`, { fields: [{ path, message }] })
}
