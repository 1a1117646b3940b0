import type { Chunk, Renderer } from '../../../core/tool.ts'
import { escaped, escapedCommand } from '../escape.ts'
import { hungChunk, noteChunks } from '../notes-text.ts'
import type { Event, FileEvent, Input, Summary, View } from '../schema.ts'

interface Use {
  file: FileEvent
  uses: Set<string>
}

interface Name {
  users: Map<number, Use>
  mountPoints: string[]
}

/** Cells before the first pid, and in a table before the user. */
const nameCells = 20

/** Pids to standard output, all else to standard error, as fuser(1) parts them. */
export function renderFuser({ paths = [], ports = [] }: Input, view: View): Renderer<Event> {
  const names = new Map([...paths, ...ports].map(name => [String(name), { users: new Map(), mountPoints: [] } as Name]))
  const refused: Chunk[] = []
  return event => {
    switch (event.type) {
      case 'mounted':
        names.get(event.asked)?.mountPoints.push(event.mountPoint)
        return undefined
      case 'file':
        for (const name of event.asked ?? []) addUse(names.get(name), event)
        return undefined
      case 'hung':
        return view.silent ? undefined : hungChunk('fuser', event)
      case 'denied':
        refused.push({ stderr: `Could not kill process ${event.pid}: ${event.reason}; ${event.remedy}\n` })
        return undefined
      case 'summary':
        return view.silent ? [] : [...listing(names, view, event), ...refused, ...noteChunks('fuser', event)]
    }
    return undefined
  }
}

function addUse(name: Name | undefined, file: FileEvent): void {
  const use = name?.users.get(file.pid) ?? { file, uses: new Set<string>() }
  use.uses.add(useOf(file))
  name?.users.set(file.pid, use)
}

function useOf({ fd, access }: FileEvent): string {
  if (typeof fd === 'number') return access === 'w' || access === 'u' ? 'F' : 'f'
  return { cwd: 'c', rtd: 'r', txt: 'e', mem: 'm' }[fd]
}

function* listing(names: ReadonlyMap<string, Name>, view: View, { missing }: Summary): Generator<Chunk> {
  for (const { what, name, why } of missing)
    if (what === 'path' && why !== null) yield { stderr: `Specified filename ${escaped(name)} does not exist.\n` }
  const gone = new Set(missing.filter(({ why }) => why !== null).map(({ name }) => name))
  const shown = [...names].filter(([name, { users, mountPoints }]) =>
    gone.has(name) ? false : view.showAll || users.size > 0 || (view.verbose && mountPoints.length > 0),
  )
  if (view.verbose && shown.length > 0) yield { stderr: `${' '.repeat(nameCells + 1)}USER        PID ACCESS COMMAND\n` }
  for (const [name, found] of shown) yield* view.verbose ? table(name, found, view) : line(name, found, view)
}

/** A name too long for its column stands alone. */
function* table(name: string, { users, mountPoints }: Name, view: View): Generator<Chunk> {
  const title = `${escaped(name)}:`
  const isLong = title.length > nameCells
  const isEmpty = users.size === 0 && mountPoints.length === 0
  yield { stderr: isLong || isEmpty ? `${title}\n` : title.padEnd(nameCells + 1) }
  let indent = isLong ? ' '.repeat(nameCells + 1) : ''
  for (const row of rowsOf(users, mountPoints, view)) {
    yield { stderr: `${indent}${row.user.padEnd(8)} ` }
    yield row.pid
    yield { stderr: ` ${row.rest}\n` }
    indent = ' '.repeat(nameCells + 1)
  }
}

function rowsOf(users: Name['users'], mountPoints: readonly string[], view: View) {
  const mounts = mountPoints.map(mountPoint => ({ user: 'root', pid: 'kernel', rest: `mount ${escaped(mountPoint)}` }))
  const processes = [...users].map(([pid, { file, uses }]) => {
    const owner = view.showUsers ? `(${escaped(file.user)})` : ''
    return { user: file.user, pid: pidText(pid), rest: `${letters(uses)} ${owner}${escapedCommand(file.comm)}` }
  })
  return [...mounts, ...processes]
}

const letters = (uses: ReadonlySet<string>) => {
  const open = uses.has('F') ? 'F' : uses.has('f') ? 'f' : '.'
  const mapped = uses.has('m') && !uses.has('e') ? 'm' : '.'
  return open + ['r', 'c', 'e'].map(letter => (uses.has(letter) ? letter : '.')).join('') + mapped
}

const pidText = (pid: number) => ` ${String(pid).padStart(5)}`

function* line(name: string, { users }: Name, view: View): Generator<Chunk> {
  const title = `${escaped(name)}:`
  yield { stderr: users.size > 0 ? title.padEnd(nameCells) : title }
  for (const [pid, { file, uses }] of users) {
    yield pidText(pid)
    const shown = letters(uses).slice(1).replaceAll('.', '')
    const owner = view.showUsers ? `(${escaped(file.user)})` : ''
    if (shown + owner !== '') yield { stderr: shown + owner }
  }
  yield { stderr: '\n' }
}
