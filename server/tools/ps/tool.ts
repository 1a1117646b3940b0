import { ToolError } from '../../core/errors.ts'
import { TimeSlice } from '../../core/time-slice.ts'
import { defineTool } from '../../core/tool.ts'
import { errnoOf, type Linux } from '../../linux/linux.ts'
import { parsePidCmdline } from '../../linux/procfs/pid-cmdline.ts'
import type { ToolContext } from '../context.ts'
import { inTarget } from '../processes/in-target.ts'
import { listProcesses } from '../processes/list.ts'
import { notesOn } from '../processes/notes.ts'
import { maxArgsBytes } from '../processes/read-process.ts'
import { readPids, readWords } from '../processes/words.ts'
import { targetFlag } from '../target.ts'
import { psApplet } from './applet.ts'
import { columnNames } from './columns.ts'
import { readDetails } from './details/read.ts'
import { growForest } from './forest.ts'
import { withKin } from './kin.ts'
import { pstree } from './pstree/applet.ts'
import { event, input, type PsEvent, type PsInput, type PsProcess, type PsSummary, view } from './schema.ts'
import { selectProcesses } from './select.ts'
import { sortProcesses, sortWords } from './sort.ts'
import { renderPs } from './text.ts'
import { readOtherThreads } from './threads.ts'

export const ps = defineTool({
  name: 'ps',
  summary: 'List processes by container, or show one in full',
  description: `
Containers are told apart by their cgroup and mount namespace, so the target is found whatever its pid is. With a pid: command
line, executable, directories, environment, limits, capabilities, signals, namespaces, cgroup, memory, threads, where it
waits, open files with their positions and the peers of sockets; what the kernel refuses to show is said with the reason and
the way to grant it.

  ditty ps                  every visible process, by container
  ditty ps 1                process 1 in full
  ditty ps --sort=-rssBytes the largest first
  ditty ps --users 1000     of one user
  ditty ps --target app     of one container
  ditty ps --columns pid,args=COMMAND`,
  input,
  view,
  event,
  positional: ['pid'],
  offers: {
    columns: { words: columnNames, list: true },
    sort: { words: sortWords, list: true },
    users: { find: ['user'], list: true },
    pids: { find: ['pid'], list: true },
    ppids: { find: ['pid'], list: true },
  },
  flags: [
    { field: 'columns', short: 'o', long: 'columns', metavar: 'LIST', parse: readWords },
    { field: 'sort', long: 'sort', metavar: 'FIELDS', parse: readWords },
    { field: 'users', short: 'u', long: 'users', metavar: 'LIST', parse: readWords },
    { field: 'ttys', short: 't', long: 'ttys', metavar: 'LIST', parse: readWords },
    { field: 'comms', short: 'C', long: 'comms', metavar: 'LIST', parse: readWords },
    { field: 'pids', short: 'p', long: 'pids', metavar: 'LIST', parse: readPids },
    { field: 'ppids', long: 'ppids', metavar: 'LIST', parse: readPids },
    targetFlag,
  ],
  applets: { ps: psApplet, pstree },
  readOnly: () => true,
  run: (input, context: ToolContext) => (input.pid === undefined ? runList(input, context) : runOne(input, context)),
  outcome: ({ missing }) => (missing.length === 0 ? 'positive' : 'negative'),
  text: renderPs,
})

async function* runList(input: PsInput, context: ToolContext): AsyncGenerator<PsEvent> {
  const listing = await listProcesses(context)
  yield listing.system.toEvent()
  const within =
    input.target === undefined ? listing.processes : await inTarget(listing.processes, input.target, context)
  const selected = withKin(selectProcesses(within, input, context.linux, listing.system), within, input)
  if (input.sort) sortProcesses(selected, input.sort)
  const ordered = input.forest ? growForest(selected) : selected
  yield* tellEach(ordered, input, context)
  const missing = input.pids?.filter(pid => !selected.some(process => process.pid === pid)) ?? []
  yield summaryOf(ordered, missing, listing.vanished, notesOn(listing, context.linux))
}

async function* tellEach(
  processes: readonly PsProcess[],
  { threads, cmdline }: PsInput,
  context: ToolContext,
): AsyncGenerator<PsEvent> {
  const slice = new TimeSlice(context)
  for (const process of processes) {
    if (cmdline) process.cmdline = orVanished(() => wordsOf(context.linux, process.pid)) ?? []
    yield process
    if (threads && process.threads > 1) yield* readOtherThreads(context.linux, process.pid)
    if (slice.due) await slice.turn()
  }
}

async function* runOne(input: PsInput & { pid?: number | undefined }, context: ToolContext): AsyncGenerator<PsEvent> {
  const { pid, ...others } = input
  if (pid === undefined || Object.values(others).some(Boolean))
    throw new ToolError('invalid_input', 'pid: one process in full goes with no other selection or order')
  const listing = await listProcesses(context, [pid])
  yield listing.system.toEvent()
  const [process] = listing.processes
  if (process) {
    yield process
    const details = await readDetails(context, pid).catch(undefinedWhenGone)
    if (details) yield details
    else listing.vanished.push(pid)
  }
  if (listing.hidden.length > 0)
    throw new ToolError('not_permitted', `process ${pid} is there, but /proc hides it`, {
      remedy: notesOn(listing, context.linux)[0]?.remedy ?? '',
    })
  if (process) yield summaryOf([process], listing.vanished, listing.vanished, [])
  else yield summaryOf([], [pid], [], notesOn(await listProcesses(context), context.linux))
}

const wordsOf = (linux: Linux, pid: number) => parsePidCmdline(linux.peek(`/proc/${pid}/cmdline`, maxArgsBytes))

function orVanished<Value>(read: () => Value): Value | undefined {
  try {
    return read()
  } catch (error) {
    return undefinedWhenGone(error)
  }
}

function undefinedWhenGone(error: unknown): undefined {
  if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ESRCH') return undefined
  throw error
}

function summaryOf(
  shown: readonly PsProcess[],
  missing: number[],
  vanished: readonly number[],
  notes: PsSummary['notes'],
): PsSummary {
  const counts = new Map<PsProcess['container'], number>()
  let threads = 0
  for (const { container, threads: own } of shown) {
    counts.set(container, (counts.get(container) ?? 0) + 1)
    threads += own
  }
  const containers = [...counts].map(([container, processes]) => ({ ...container, processes }))
  return { type: 'summary', processes: shown.length, threads, containers, vanished: vanished.length, missing, notes }
}
