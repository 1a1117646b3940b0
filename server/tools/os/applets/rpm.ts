import { ToolError } from '../../../core/errors.ts'
import type { Applet, Chunk } from '../../../core/tool.ts'
import { noteLines } from '../../limits/note-lines.ts'
import { printable } from '../../processes/printable.ts'
import { targetFlag } from '../../target.ts'
import type { OsEvent, OsInput, OsView } from '../schema.ts'
import { databaseTrouble } from '../text.ts'
import { addWord } from './words.ts'

const usage = 'rpm -q NAME… | -qa [PATTERN…] | -qf PATH…'

/** rpm(8), as far as it asks. */
export const rpm: Applet<OsInput, OsView, OsEvent> = {
  usage,
  summary: "The container's packages, as rpm -q lists them, without rpm in it",
  description: `
Of the container that ditty stands beside, or else of its own; the database is read directly, whether SQLite, ndb or Berkeley DB
keeps it. Nothing is installed or removed.

  rpm -qa 'openssl*'
  rpm -qf /usr/sbin/nginx

Exit status: 0 found; 1 something was not found; 2 could not look.`,
  flags: [
    { field: 'packages', short: 'q', long: 'query', value: [], help: 'Ask for packages of these names' },
    { field: 'all', short: 'a', long: 'all', help: 'All packages, or those with such names' },
    { field: 'ownerOf', short: 'f', long: 'file', value: [], help: 'The packages that brought these files' },
    targetFlag,
  ],
  defaults: { format: 'rpm' },
  operand(word, draft) {
    const field = draft.ownerOf === undefined ? 'packages' : 'ownerOf'
    if (draft[field] === undefined) throw new ToolError('invalid_input', `'${word}' stands before -q; usage: ${usage}`)
    draft[field] = addWord(word, draft[field])
  },
  operands: { find: ['file'] },
  finish(draft) {
    const { packages, ownerOf, all } = draft as { packages?: string[]; ownerOf?: string[]; all?: boolean }
    if (packages === undefined) throw new ToolError('invalid_input', `only -q is known; usage: ${usage}`)
    if (ownerOf?.length === 0) throw new ToolError('invalid_input', '-f needs the path of a file')
    if (ownerOf) delete draft.packages
    else if (packages.length === 0 && all) draft.packages = ['*']
    else if (packages.length === 0) throw new ToolError('invalid_input', `no name is given; usage: ${usage}`)
  },
  text: renderRpm,
  exitStatus({ error, summary }) {
    if (error) return undefined
    return summary?.unmatched.length === 0 ? 0 : 1
  },
}

function renderRpm(_input: OsInput, { all }: OsView) {
  return (event: OsEvent | { type: 'body' }): Chunk | Chunk[] | undefined => {
    if (event.type === 'package') return `${fullName(event.name, event)}\n`
    if (event.type === 'owner') return `${fullName(event.package, event)}\n`
    if (event.type === 'body') return undefined
    if (event.type !== 'summary') return databaseTrouble(event)
    // rpm -qa says nothing of a pattern that matches none.
    return [...(all ? [] : event.unmatched.map(complaint)), ...noteLines(event.notes)]
  }
}

/** `%{nvra}`: without the epoch. */
function fullName(name: string, { version, architecture }: { version: string | null; architecture: string | null }) {
  return printable(`${name}-${version?.replace(/^\d+:/, '')}${architecture ? `.${architecture}` : ''}`)
}

/** rpm says so on standard output. */
const complaint = (word: string): Chunk =>
  word.startsWith('/')
    ? `file ${printable(word)} is not owned by any package\n`
    : `package ${printable(word)} is not installed\n`
