import { ToolError } from '../../../core/errors.ts'
import type { Draft, Flag } from '../../../core/tool.ts'
import { targetFlag } from '../../target.ts'
import { blockSizeFlags, parseBlockSize } from '../block-size.ts'
import { type FilesApplet, inProcess } from '../in-process.ts'
import { renderDu } from './text.ts'

/** In a draft: the named alone. */
const summed = 'usage of the named alone'
/** In a draft: as they say, and in bytes where no other unit is asked for. */
const inBytes = 'size in bytes'

const flags: Flag[] = [
  targetFlag,
  { field: 'files', short: 'a', long: 'all', help: 'Also each file' },
  { field: 'show', short: 's', long: 'summarize', value: summed, help: 'What is named alone' },
  { field: 'depth', short: 'd', long: 'max-depth', metavar: 'N', help: 'Folders so many levels below what is named' },
  { field: 'total', short: 'c', long: 'total' },
  { field: 'separate', short: 'S', long: 'separate-dirs', help: 'Folders without those below them' },
  { field: 'measure', long: 'apparent-size', value: 'size', help: 'What files say, not what they take on the disk' },
  { field: 'measure', short: 'b', long: 'bytes', value: inBytes, help: 'The same in bytes, unless a unit is named' },
  { field: 'inodes', long: 'inodes', help: 'How many inodes' },
  ...blockSizeFlags.map(flag => (flag.long === 'block-size' ? { ...flag, short: 'B' } : flag)),
  { field: 'blockSize', short: 'k', value: '1K', help: 'In KiB, as is usual' },
  { field: 'blockSize', short: 'm', value: '1M', help: 'In MiB' },
  { field: 'everyLink', short: 'l', long: 'count-links', help: 'A file as often as it has names' },
  { field: 'followLinks', short: 'L', long: 'dereference', value: 'always', help: 'Follow all links' },
  { field: 'followLinks', short: 'D', long: 'dereference-args', value: 'named', help: 'Follow links that are named' },
  { field: 'followLinks', short: 'H', value: 'named', help: 'The same' },
  { field: 'followLinks', short: 'P', long: 'no-dereference', value: 'never', help: 'Follow no links (the default)' },
  { field: 'oneFileSystem', short: 'x', long: 'one-file-system' },
  { field: 'exclude', long: 'exclude', metavar: 'PATTERN', help: 'Nothing of that pattern' },
  {
    field: 'threshold',
    short: 't',
    long: 'threshold',
    metavar: 'SIZE',
    parse: parseThreshold,
    help: 'Nothing smaller; with a dash before it, nothing larger',
  },
  { field: 'nullEnds', short: '0', long: 'null', help: 'A null byte in place of each newline' },
]

/** du(1) of coreutils. */
export const duApplet: FilesApplet = {
  usage: 'du [flags] [PATH…]',
  summary: "How much folders hold, as du(1) shows it: ours, or the target's with --target",
  description: `
What has several names is counted once. What could not be read is told of, and the rest is still counted.

  du --target app -xh -d 1 /
  du --target app -sh /var/log /tmp
  du --target app -ah -t 100M /data

Exit status: 0 all was counted, 1 something could not be.`,
  flags,
  defaults: { show: 'usage' },
  operands: { find: ['file'] },
  finish,
  text: (input, view, screen) => inProcess(renderDu(input, view, screen)),
  exitStatus: ({ error, summary }) =>
    error ? (error.code === 'cancelled' ? undefined : 1) : summary?.type === 'summary' && summary.troubles > 0 ? 1 : 0,
}

function parseThreshold(word: string): number {
  const [, sign = '', size = ''] = /^([-+]?)(.*)$/s.exec(word) ?? []
  const bytes = /^0+$/.test(size) ? 0 : parseBlockSize(size).bytes
  if (sign === '-' && bytes === 0) throw new ToolError('invalid_input', `--threshold takes no '${word}'`)
  return sign === '-' ? -bytes : bytes
}

/** What several flags mean together. */
function finish(draft: Draft): void {
  if (draft.show === summed) {
    if (draft.files) throw new ToolError('invalid_input', 'files: -a and -s exclude each other')
    if (draft.depth) throw new ToolError('invalid_input', `depth: -s means --max-depth=0, not ${draft.depth}`)
    Object.assign(draft, { show: 'usage', depth: 0 })
  }
  if (draft.measure === inBytes) {
    draft.measure = 'size'
    draft.blockSize ??= '1'
  }
  if (draft.inodes) {
    draft.measure = 'inodes'
    if (draft.blockSize !== 'human' && draft.blockSize !== 'si') draft.blockSize = undefined
  }
}
