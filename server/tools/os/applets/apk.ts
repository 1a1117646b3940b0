import { ToolError } from '../../../core/errors.ts'
import type { Applet, Chunk } from '../../../core/tool.ts'
import { noteLines } from '../../limits/note-lines.ts'
import { printable } from '../../processes/printable.ts'
import { targetFlag } from '../../target.ts'
import type { OsEvent, OsInput, OsView } from '../schema.ts'
import { databaseTrouble } from '../text.ts'
import { addWord } from './words.ts'

const usage = 'apk info [-v] | info -W PATH…'

/** apk(8), as far as it asks. */
export const apk: Applet<OsInput, OsView, OsEvent> = {
  usage,
  summary: "The container's packages, as apk info lists them, without apk in it",
  description: `
Of the container that ditty stands beside, or else of its own. Nothing is installed or removed.

  apk info -v
  apk info -W /usr/sbin/nginx

Exit status: 0 found; 1 something was not found; 2 could not look.`,
  flags: [
    { field: 'verbose', short: 'v', long: 'verbose', help: 'Versions as well' },
    { field: 'ownerOf', short: 'W', long: 'who-owns', value: [], help: 'The packages that brought these files' },
    targetFlag,
  ],
  defaults: { format: 'apk' },
  operand(word, draft, index) {
    if (index === 0 && word === 'info') draft.packages = ['*']
    else if (index > 0 && draft.ownerOf) draft.ownerOf = addWord(word, draft.ownerOf)
    else throw new ToolError('invalid_input', `'${word}' is not known; usage: ${usage}`)
  },
  operands: { words: ['info'] },
  finish(draft) {
    const { packages, ownerOf } = draft as { packages?: string[]; ownerOf?: string[] }
    if (!packages) throw new ToolError('invalid_input', `only 'info' is known; usage: ${usage}`)
    if (ownerOf?.length === 0) throw new ToolError('invalid_input', '-W needs the path of a file')
    if (ownerOf) delete draft.packages
  },
  text: renderApk,
  exitStatus: ({ error, summary }) => (error ? undefined : summary?.unmatched.length === 0 ? 0 : 1),
}

function renderApk(_input: OsInput, { verbose }: OsView) {
  return (event: OsEvent | { type: 'body' }): Chunk | Chunk[] | undefined => {
    if (event.type === 'package') return `${printable(verbose ? `${event.name}-${event.version}` : event.name)}\n`
    if (event.type === 'owner') return `${printable(`${event.path} is owned by ${event.package}-${event.version}`)}\n`
    if (event.type === 'body') return undefined
    if (event.type !== 'summary') return databaseTrouble(event)
    const missing = event.unmatched.map(path => ({
      stderr: `ERROR: ${printable(path)}: Could not find owner package\n`,
    }))
    return [...missing, ...noteLines(event.notes)]
  }
}
