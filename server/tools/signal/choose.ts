import { ToolError } from '../../core/errors.ts'
import { errnoOf, type Linux } from '../../linux/linux.ts'
import type { ToolContext } from '../context.ts'
import { inTarget } from '../processes/in-target.ts'
import { type Listing, listProcesses } from '../processes/list.ts'
import { notesOn } from '../processes/notes.ts'
import type { ListedProcess, Note } from '../processes/schema.ts'
import type { System } from '../processes/system.ts'
import { matchProcesses } from './match.ts'
import type { SignalInput } from './schema.ts'

/** Who gets the signal, and what of the question found nobody. */
export interface Choice {
  processes: ListedProcess[]
  byWord: Map<string, Set<ListedProcess>>
  missing: number[]
  /** Named, and there, but /proc doesn't show what they are. */
  hidden: number[]
  notes: Note[]
  /** What their start times were reckoned by. */
  system: System
}

/** Never ditty itself: it would not live to tell. */
export async function chooseProcesses(input: SignalInput, context: ToolContext): Promise<Choice> {
  const { linux } = context
  const own = ownPid(linux)
  checkQuestion(input, own)
  const listing = await listProcesses(context, wholeListIsNeeded(input) ? undefined : input.pids)
  const { target } = input
  const within = target === undefined ? listing.processes : await inTarget(listing.processes, target, context)
  const matches = await matchProcesses(within, input, linux, listing.system)
  const picked = pick(
    matches.processes.filter(({ pid }) => pid !== own),
    input.pick,
  )
  const processes = widen(picked, listing.processes, input.scope).filter(({ pid }) => pid !== own)
  const hidden = listing.hidden.filter(pid => input.pids?.includes(pid))
  const missing = missingOf(input, listing)
  const notes = missing.length > 0 || processes.length === 0 ? await notesOnAll(context) : []
  return { processes, byWord: matches.byWord, missing, hidden, notes, system: listing.system }
}

const criteria = [
  'pids',
  'names',
  'patterns',
  'ppids',
  'pgids',
  'sids',
  'users',
  'realUsers',
  'realGroups',
  'ttys',
  'target',
] as const satisfies (keyof SignalInput)[]

function checkQuestion(input: SignalInput, own: number | undefined): void {
  if (criteria.every(field => input[field] === undefined) && input.pick === undefined)
    throw new ToolError('invalid_input', `nobody is named: give one of ${criteria.join(', ')}`)
  for (const pid of input.pids ?? []) {
    const wrong = whyWrong(pid, own)
    if (wrong) throw new ToolError('invalid_input', `pids: ${wrong}`, { fields: [{ path: 'pids', message: wrong }] })
  }
}

/** kill(2) reads 0 as the caller's own process group, and -1 as everybody: what nobody means who talks to a toolbox. */
function whyWrong(pid: number, own: number | undefined): string | undefined {
  if (pid === 0) return "0 would be ditty's own process group; name the group that is meant as -PGID"
  if (pid === -1) return "-1 would be every process there is; a container's are named by target"
  return pid === own ? `${pid} is ditty itself, which would not live to tell` : undefined
}

const ownPid = (linux: Linux): number | undefined => {
  try {
    return Number(linux.readlink('/proc/self'))
  } catch (error) {
    if (errnoOf(error) === undefined) throw error
    return undefined
  }
}

const wholeListIsNeeded = ({ pids, target, invert, scope }: SignalInput) =>
  pids === undefined || pids.some(pid => pid < 0) || target !== undefined || invert || scope !== 'process'

/** Of processes that started in the same tick, the newest is the one with the highest pid, as in pgrep(1). */
function pick(processes: ListedProcess[], which: SignalInput['pick']): ListedProcess[] {
  if (which === undefined) return processes
  const byAge = processes.toSorted((a, b) => (a.startTime === b.startTime ? a.pid - b.pid : later(a, b) ? 1 : -1))
  return byAge.slice(which === 'newest' ? -1 : 0, which === 'newest' ? undefined : 1)
}

const later = (a: ListedProcess, b: ListedProcess) => a.startTime > b.startTime

function widen(chosen: ListedProcess[], all: ListedProcess[], scope: SignalInput['scope']): ListedProcess[] {
  if (scope === 'process') return chosen
  if (scope === 'tree') return treesOf(chosen, all)
  const groups = new Set(chosen.map(({ pgid }) => pgid))
  return all.filter(({ pgid }) => groups.has(pgid))
}

/** Parents first: one that is gone starts no more children. */
function treesOf(roots: ListedProcess[], all: ListedProcess[]): ListedProcess[] {
  const children = Map.groupBy(all, ({ ppid }) => ppid)
  const found = new Set(roots)
  for (const { pid } of found) for (const child of children.get(pid) ?? []) found.add(child)
  return [...found]
}

function missingOf({ pids = [] }: SignalInput, { processes, hidden }: Listing): number[] {
  const there = new Set([...processes.flatMap(({ pid, pgid }) => [pid, -pgid]), ...hidden])
  return pids.filter(pid => !there.has(pid))
}

const notesOnAll = async (context: ToolContext) => notesOn(await listProcesses(context), context.linux)
