import { ToolError } from '../../core/errors.ts'
import type { Linux } from '../../linux/linux.ts'
import { readGroup } from '../../linux/passwd.ts'
import { readPidStat } from '../../linux/procfs/pid-stat.ts'
import { compilePattern, matchTexts } from '../pattern.ts'
import type { ListedProcess } from '../processes/schema.ts'
import type { System } from '../processes/system.ts'
import { commBytes, fullNameOf } from './full-name.ts'
import type { SignalInput } from './schema.ts'

type Test = (process: ListedProcess) => boolean

/** The processes that pass every test of the input, and those that each name or pattern alone is true of. */
export interface Matches {
  processes: ListedProcess[]
  byWord: Map<string, Set<ListedProcess>>
}

/** Each list is passed by what is true of one of its members, as in pgrep(1); all lists have to be passed. */
export async function matchProcesses(
  all: readonly ListedProcess[],
  input: SignalInput,
  linux: Linux,
  system: System,
): Promise<Matches> {
  const byWord = new Map([...matchNames(all, input), ...(await matchPatterns(all, input))])
  const tests = [...fieldTests(input, linux, system)]
  for (const words of [input.names, input.patterns])
    if (words) tests.push(process => words.some(word => byWord.get(word)!.has(process)))
  const passes: Test = process => tests.every(test => test(process))
  return { processes: all.filter(process => passes(process) !== input.invert), byWord }
}

function matchNames(all: readonly ListedProcess[], { names = [], exact, ignoreCase }: SignalInput) {
  const cased = (text: string) => (ignoreCase ? text.toLowerCase() : text)
  return names.map(name => [name, new Set(all.filter(process => hasName(process, cased(name), exact, cased)))] as const)
}

/** Where only the beginning of a long name is known, that is enough, unless it has to be exact. */
function hasName(process: ListedProcess, name: string, exact: boolean, cased: (text: string) => string): boolean {
  const full = fullNameOf(process)
  if (full !== undefined) return cased(full) === name
  return !exact && cased(process.comm) === Buffer.from(name).subarray(0, commBytes).toString()
}

async function matchPatterns(all: readonly ListedProcess[], { patterns = [], full, exact, ignoreCase }: SignalInput) {
  const matched: [string, Set<ListedProcess>][] = []
  for (const pattern of patterns) {
    const compiled = compilePattern('patterns', pattern, { exact, ignoreCase })
    const hits = await matchTexts(
      'patterns',
      compiled,
      all.map(process => (full ? process.args : process.comm)),
    )
    matched.push([pattern, new Set(all.filter((_, at) => hits[at]))])
  }
  return matched
}

function fieldTests(input: SignalInput, linux: Linux, system: System): Test[] {
  const { pids, ppids } = input
  const own = input.pgids?.includes(0) || input.sids?.includes(0) ? readPidStat(linux, 'self') : undefined
  const orOwn = (ids: number[] | undefined, ownId = 0) => ids?.map(id => (id === 0 ? ownId : id))
  const pgids = orOwn(input.pgids, own?.pgid)
  const sids = orOwn(input.sids, own?.sid)
  const users = input.users?.map(user => uidOf('users', user, system))
  const realUsers = input.realUsers?.map(user => uidOf('realUsers', user, system))
  const realGroups = input.realGroups?.map(group => gidOf(group, linux))
  const ttys = input.ttys?.map(tty => tty.replace(/^\/dev\//, ''))
  const tests: (Test | undefined)[] = [
    pids && (({ pid, pgid }) => pids.includes(pid) || pids.includes(-pgid)),
    ppids && (({ ppid }) => ppids.includes(ppid)),
    pgids && (({ pgid }) => pgids.includes(pgid)),
    sids && (({ sid }) => sids.includes(sid)),
    users && (({ uid }) => users.includes(uid)),
    realUsers && (({ realUid }) => realUsers.includes(realUid)),
    realGroups && (({ realGid }) => realGroups.includes(realGid)),
    ttys && (({ tty }) => ttys.includes(tty ?? '?')),
  ]
  return tests.filter(test => test !== undefined)
}

function uidOf(field: string, user: string, system: System): number {
  const uid = system.uidOf(user)
  if (uid !== undefined) return uid
  throw unknownName(field, `no user ${user} in /etc/passwd; a UID works too`)
}

function gidOf(group: string, linux: Linux): number {
  if (/^\d+$/.test(group)) return Number(group)
  const gid = [...readGroup(linux)].find(([, name]) => name === group)?.[0]
  if (gid !== undefined) return gid
  throw unknownName('realGroups', `no group ${group} in /etc/group; a GID works too`)
}

const unknownName = (path: string, message: string) =>
  new ToolError('invalid_input', `${path}: ${message}`, { fields: [{ path, message }] })
