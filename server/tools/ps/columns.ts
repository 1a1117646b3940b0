import { ToolError } from '../../core/errors.ts'
import { printable } from '../processes/printable.ts'
import { elapsedTime, fullStartTime, longTime, shortTime, startTime } from './format.ts'
import type { layouts, PsProcess } from './schema.ts'

/** right: numbers; pid: the same, as wide as pid_max; user: cut with a `+` where too long; text: cut to its width unless it stands last. */
export type Alignment = 'left' | 'right' | 'pid' | 'user' | 'text'

export interface Column {
  header: string
  width: number
  align: Alignment
  value(process: PsProcess): string
}

type Definition = [header: string, width: number, align: Alignment, value: (process: PsProcess) => string | number]

const kib = (bytes: number) => Math.floor(bytes / 1024)
const tree = ({ treePrefix = '' }: PsProcess, text: string) => treePrefix + printable(text)
const percent = (value: number) => (value >= 100 ? String(Math.floor(value)) : value.toFixed(1))
const now = ({ startTime, elapsedSeconds }: PsProcess) => new Date(Date.parse(startTime) + elapsedSeconds * 1000)
const started = (process: PsProcess) => startTime(new Date(process.startTime), now(process))
const containerName = ({ container }: PsProcess) => container.name ?? container.id?.slice(0, 12) ?? container.kind

const user: Definition = ['USER', 8, 'user', p => p.user]
const args: Definition = ['COMMAND', 27, 'text', p => tree(p, p.args)]
const comm: Definition = ['COMMAND', 15, 'text', p => tree(p, p.comm)]
const tty: Definition = ['TTY', 8, 'left', p => p.tty ?? '?']
const rss: Definition = ['RSS', 5, 'right', p => kib(p.rssBytes)]
const vsz: Definition = ['VSZ', 6, 'right', p => kib(p.vszBytes)]
const cpu: Definition = ['%CPU', 4, 'right', p => percent(p.cpuPercent)]
const memory: Definition = ['%MEM', 4, 'right', p => Math.min(99.9, p.memoryPercent).toFixed(1)]
const time: Definition = ['TIME', 8, 'right', p => longTime(p.cpuTimeMs)]
const state: Definition = ['S', 1, 'left', p => p.state]
const nice: Definition = ['NI', 3, 'right', p => p.nice]
const sid: Definition = ['SID', 5, 'pid', p => p.sid]
const pgid: Definition = ['PGID', 5, 'pid', p => p.pgid]
const uid: Definition = ['UID', 5, 'right', p => p.uid]

/** By the names that `ps -o` takes; headers, widths and alignment are procps'. Columns of pids widen with pid_max there. */
const definitions: Record<string, Definition> = {
  pid: ['PID', 5, 'pid', p => p.pid],
  tgid: ['TGID', 5, 'pid', p => p.pid],
  ppid: ['PPID', 5, 'pid', p => p.ppid],
  pgid,
  pgrp: ['PGRP', 5, 'pid', p => p.pgid],
  sid,
  sess: ['SESS', 5, 'pid', p => p.sid],
  session: ['SESS', 5, 'pid', p => p.sid],
  tpgid: ['TPGID', 5, 'pid', p => p.tpgid],
  uid,
  euid: ['EUID', 5, 'right', p => p.uid],
  gid: ['GID', 5, 'right', p => p.gid],
  egid: ['EGID', 5, 'right', p => p.gid],
  user,
  uname: user,
  euser: ['EUSER', 8, 'user', p => p.user],
  pcpu: cpu,
  '%cpu': cpu,
  c: ['C', 2, 'right', p => Math.min(99, Math.floor(p.cpuPercent))],
  pmem: memory,
  '%mem': memory,
  vsz,
  vsize: vsz,
  rss,
  rssize: rss,
  rsz: ['RSZ', 5, 'right', p => kib(p.rssBytes)],
  tty: ['TT', 8, 'left', p => p.tty ?? '?'],
  tt: ['TT', 8, 'left', p => p.tty ?? '?'],
  tname: tty,
  s: state,
  state,
  stat: ['STAT', 4, 'left', p => p.stat],
  ni: nice,
  nice,
  pri: ['PRI', 3, 'right', p => 39 - p.priority],
  nlwp: ['NLWP', 4, 'right', p => p.threads],
  thcount: ['THCNT', 5, 'right', p => p.threads],
  psr: ['PSR', 3, 'right', p => p.processor],
  time,
  cputime: time,
  times: ['TIME', 8, 'right', p => Math.floor(p.cpuTimeMs / 1000)],
  bsdtime: ['TIME', 6, 'right', p => shortTime(p.cpuTimeMs)],
  etime: ['ELAPSED', 11, 'right', p => elapsedTime(p.elapsedSeconds)],
  etimes: ['ELAPSED', 7, 'right', p => p.elapsedSeconds],
  start_time: ['START', 5, 'right', started],
  stime: ['STIME', 5, 'right', started],
  lstart: ['STARTED', 24, 'right', p => fullStartTime(new Date(p.startTime))],
  comm,
  ucomm: comm,
  ucmd: ['CMD', 15, 'text', comm[3]],
  args,
  command: args,
  cmd: ['CMD', 27, 'text', args[3]],
  container: ['CONTAINER', 16, 'text', containerName],
}

export const columnNames = Object.keys(definitions)

/** The columns of each layout, as in procps' output.c; `=UID` renames a header. */
const layoutColumns: Record<(typeof layouts)[number], string> = {
  grouped: 'pid ppid user stat pcpu rss start_time args',
  short: 'pid tname time ucmd',
  bsd: 'pid tname stat bsdtime args',
  user: 'user pid pcpu pmem vsz rss tname stat start_time bsdtime args',
  full: 'user=UID pid ppid c stime tname time cmd',
  jobs: 'pid pgid sid tname time ucmd',
  bsdJobs: 'ppid pid pgid sid tname tpgid stat uid bsdtime args',
}

export const columnsOfLayout = (layout: (typeof layouts)[number]): Column[] =>
  layoutColumns[layout].split(' ').map(columnOf)

/** A column by `name`, `name:WIDTH` or `name=HEADER` (empty leaves it blank). Throws ToolError `invalid_input` for an unknown name. */
export function columnOf(spec: string): Column {
  const [, name = '', width, renamed] = /^([^:=]*)(?::(\d{1,3}))?(?:=(.*))?$/s.exec(spec) ?? []
  const definition = Object.hasOwn(definitions, name) ? definitions[name] : undefined
  if (!definition)
    throw new ToolError('invalid_input', `columns: no column ${spec}; there are ${Object.keys(definitions).join(', ')}`)
  const [ownHeader, ownWidth, align, value] = definition
  const header = renamed ?? ownHeader
  const cells = width === undefined ? Math.max(ownWidth, header.length) : Math.max(1, Number(width))
  return { header, width: cells, align, value: process => String(value(process)) }
}

/** Makes columns of pids as wide as the highest one, as procps does. */
export function widenPids(columns: readonly Column[], pidMax: number): Column[] {
  const digits = String(Math.max(0, pidMax - 1)).length
  return columns.map(column => (column.align === 'pid' ? { ...column, width: Math.max(column.width, digits) } : column))
}
