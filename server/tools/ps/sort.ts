import { ToolError } from '../../core/errors.ts'
import type { PsProcess } from './schema.ts'

/** Fields of a process that order it, each with the columns of ps that show it. */
const sortable = {
  pid: ['tgid'],
  ppid: [],
  pgid: ['pgrp'],
  sid: ['sess', 'session'],
  uid: ['euid'],
  user: ['uname', 'euser'],
  state: ['s'],
  stat: [],
  tty: ['tt', 'tname'],
  nice: ['ni'],
  priority: ['pri'],
  threads: ['nlwp', 'thcount'],
  rssBytes: ['rss', 'rsz', 'rssize', '%mem', 'pmem'],
  vszBytes: ['vsz', 'vsize'],
  memoryPercent: [],
  cpuPercent: ['%cpu', 'pcpu', 'c'],
  cpuTimeMs: ['time', 'cputime', 'times', 'bsdtime'],
  startTime: ['start_time', 'stime', 'lstart'],
  elapsedSeconds: ['etime', 'etimes'],
  comm: ['ucmd', 'ucomm'],
  args: ['cmd', 'command'],
} satisfies Partial<Record<keyof PsProcess, string[]>>

/** Every word that orders: those of ps, and the fields' own. */
export const sortWords = Object.entries(sortable).flat(2)

type SortField = keyof typeof sortable

/** The field that a word of ps's `--sort` or the API's `sort` means. Throws ToolError `invalid_input` for an unknown one. */
export function sortFieldOf(word: string): SortField {
  for (const [field, columns] of Object.entries(sortable) as [SortField, string[]][])
    if (field === word || columns.includes(word)) return field
  throw new ToolError(
    'invalid_input',
    `sort: no field ${word} to sort by; there are ${Object.keys(sortable).join(', ')}`,
  )
}

/** Sorts in place by each key in turn; `-` before one turns it round. What is equal keeps its order. */
export function sortProcesses(processes: PsProcess[], keys: readonly string[]): void {
  const orders = keys.map(key => ({ field: sortFieldOf(key.replace(/^[+-]/, '')), sign: key.startsWith('-') ? -1 : 1 }))
  processes.sort((a, b) => {
    for (const { field, sign } of orders) {
      const order = compare(a[field], b[field])
      if (order !== 0) return sign * order
    }
    return 0
  })
}

function compare(a: string | number | null, b: string | number | null): number {
  if (a === b) return 0
  if (a === null || b === null) return a === null ? -1 : 1
  return a < b ? -1 : 1
}
