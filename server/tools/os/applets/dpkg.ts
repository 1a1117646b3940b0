import { ToolError } from '../../../core/errors.ts'
import type { Applet, Chunk } from '../../../core/tool.ts'
import { noteLines } from '../../limits/note-lines.ts'
import { printable } from '../../processes/printable.ts'
import { targetFlag } from '../../target.ts'
import type { OsEvent, OsInput, OsView, PackageEvent } from '../schema.ts'
import { databaseTrouble, ownerLine } from '../text.ts'
import { addWord } from './words.ts'

const usage = 'dpkg -l [PATTERN…] | -S PATH…'

/** dpkg(1), as far as it asks. */
export const dpkg: Applet<OsInput, OsView, OsEvent> = {
  usage,
  summary: "The container's packages, as dpkg -l and dpkg -S list them, without dpkg in it",
  description: `
Of the container that ditty stands beside, or else of its own. Nothing is installed, removed or configured. A pattern lists what
is or was installed, but not what other packages merely mention (un).

  dpkg -l 'lib*ssl*'
  dpkg -S /usr/sbin/nginx

Exit status: 0 found; 1 something was not found; 2 could not look.`,
  flags: [
    { field: 'packages', short: 'l', long: 'list', value: [], help: 'List packages, those with such names' },
    { field: 'ownerOf', short: 'S', long: 'search', value: [], help: 'Which packages brought these files' },
    targetFlag,
  ],
  defaults: { format: 'dpkg' },
  operand(word, draft) {
    const field = draft.ownerOf === undefined ? 'packages' : 'ownerOf'
    if (draft[field] === undefined)
      throw new ToolError('invalid_input', `'${word}' stands before -l or -S; usage: ${usage}`)
    draft[field] = addWord(word, draft[field])
  },
  operands: { find: ['file'] },
  finish(draft) {
    const { packages, ownerOf } = draft as { packages?: string[]; ownerOf?: string[] }
    if ((packages === undefined) === (ownerOf === undefined))
      throw new ToolError('invalid_input', `one of -l and -S is wanted; usage: ${usage}`)
    if (packages?.length === 0) draft.packages = ['*']
    if (ownerOf?.length === 0) throw new ToolError('invalid_input', '-S needs the path of a file')
  },
  text: renderDpkg,
  exitStatus: ({ error, summary }) => (error ? undefined : summary?.unmatched.length === 0 ? 0 : 1),
}

/** A table is as wide as its longest cells, so it is kept back to its end. */
function renderDpkg() {
  const found: PackageEvent[] = []
  return (event: OsEvent | { type: 'body' }): Chunk | Chunk[] | undefined => {
    if (event.type === 'package') found.push(event)
    if (event.type === 'owner') return ownerLine(event)
    if (event.type === 'body') return undefined
    if (event.type !== 'summary') return databaseTrouble(event)
    const table = found.length > 0 ? [packageTable(found)] : []
    return [...table, ...event.unmatched.map(complaint), ...noteLines(event.notes)]
  }
}

const complaint = (word: string): Chunk => ({
  stderr: word.startsWith('/')
    ? `dpkg-query: no path found matching pattern ${printable(word)}\n`
    : `dpkg-query: no packages found matching ${printable(word)}\n`,
})

const head = `\
Desired=Unknown/Install/Remove/Purge/Hold
| Status=Not/Inst/Conf-files/Unpacked/halF-conf/Half-inst/trig-aWait/Trig-pend
|/ Err?=(none)/Reinst-required (Status,Err: uppercase=bad)
`

/** Of name, version, architecture and description, where all cells are shorter. Source: src/query/main.c of dpkg. */
const leastCells = [14, 12, 12, 33]

function packageTable(packages: readonly PackageEvent[]): string {
  const rows = packages.toSorted(byName).map(cellsOf)
  const widths = leastCells.map((least, column) =>
    rows.reduce((most, row) => Math.max(most, row[column]!.length), least),
  )
  const line = (start: string, cells: readonly string[]) =>
    `${start} ${cells.map((cell, column) => (column === 3 ? cell : cell.padEnd(widths[column]!))).join(' ')}\n`
  return [
    head,
    line('||/', ['Name', 'Version', 'Architecture', 'Description']),
    `+++-${widths.map(width => '='.repeat(width)).join('-')}\n`,
    ...rows.map(row => line(row[4]!, row.slice(0, 4))),
  ].join('')
}

/** By bytes, as strcmp(3) has it: `libc6` before `libc6-dev`, whatever stands behind it. */
const byName = (one: PackageEvent, other: PackageEvent) =>
  compare(one.name, other.name) || compare(one.architecture ?? '', other.architecture ?? '')

const compare = (one: string, other: string) => (one === other ? 0 : one < other ? -1 : 1)

function cellsOf({ name, version, architecture, multiArch, summary, selection, state }: PackageEvent): string[] {
  const label = multiArch === 'same' && architecture ? `${name}:${architecture}` : name
  const letters = `${wanted[selection ?? 'unknown'] ?? '?'}${states[state] ?? '?'} `
  const cells = [label, version || '<none>', architecture ?? '<none>', summary || '(no description available)', letters]
  return cells.map(printable)
}

const wanted: Record<string, string> = { unknown: 'u', install: 'i', hold: 'h', deinstall: 'r', purge: 'p' }
const states: Record<string, string> = {
  'config-files': 'c',
  'half-installed': 'H',
  unpacked: 'U',
  'half-configured': 'F',
  'triggers-awaited': 'W',
  'triggers-pending': 't',
  installed: 'i',
}
