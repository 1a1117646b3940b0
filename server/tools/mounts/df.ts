import { ToolError } from '../../core/errors.ts'
import type { Applet, Draft, Flag } from '../../core/tool.ts'
import { targetFlag } from '../target.ts'
import { parseBlockSize } from './df-size.ts'
import { renderDf } from './df-text.ts'
import { type DfField, dfFields, type MountsEvent, type MountsInput, type MountsView } from './schema.ts'

const flags: Flag[] = [
  { field: 'all', short: 'a', long: 'all' },
  {
    field: 'blockSize',
    short: 'B',
    long: 'block-size',
    metavar: 'SIZE',
    parse: word => word,
    help: 'In blocks of SIZE: 1K, M, MB, 512',
  },
  {
    field: 'blockSize',
    short: 'h',
    long: 'human-readable',
    value: 'human-readable',
    help: 'In the shortest unit, powers of 1024',
  },
  { field: 'blockSize', short: 'H', long: 'si', value: 'si', help: 'In the shortest unit, powers of 1000' },
  { field: 'inodes', short: 'i', long: 'inodes' },
  { field: 'blockSize', short: 'k', value: '1K', help: 'In blocks of 1 KiB, the default' },
  { field: 'blockSize', short: 'm', value: '1M', help: 'In blocks of 1 MiB' },
  { field: 'local', short: 'l', long: 'local' },
  { field: 'fields', long: 'output', metavar: 'FIELDS', bare: [...dfFields], parse: fieldsFrom },
  { field: 'posix', short: 'P', long: 'portability' },
  { field: 'total', long: 'total' },
  { field: 'types', short: 't', long: 'type', metavar: 'TYPE' },
  { field: 'printType', short: 'T', long: 'print-type' },
  { field: 'excludeTypes', short: 'x', long: 'exclude-type', metavar: 'TYPE' },
  { field: 'timeoutSeconds', long: 'timeout', metavar: 'SECONDS' },
  targetFlag,
]

function fieldsFrom(word: string, previous: unknown): DfField[] {
  const known = (previous as DfField[] | undefined) ?? []
  const fields = word.split(',').map(name => {
    const field = dfFields.find(field => field === name)
    if (!field)
      throw new ToolError('invalid_input', `--output: there is no field '${name}'; there are ${dfFields.join(', ')}`)
    return field
  })
  const twice = [...known, ...fields].find((field, at, all) => all.indexOf(field) !== at)
  if (twice) throw new ToolError('invalid_input', `--output: the field '${twice}' stands there twice`)
  return [...known, ...fields]
}

function finish(draft: Draft): void {
  const fields = draft.fields !== undefined
  for (const [field, flag] of [
    ['inodes', '-i'],
    ['posix', '-P'],
    ['printType', '-T'],
  ] as const)
    if (fields && draft[field]) throw new ToolError('invalid_input', `${flag} and --output exclude each other`)
  const both = (draft.types as string[] | undefined)?.find(type =>
    (draft.excludeTypes as string[] | undefined)?.includes(type),
  )
  if (both) throw new ToolError('invalid_input', `the type '${both}' is both chosen and excluded`)
  const { blockSize } = draft
  if (typeof blockSize === 'string') {
    delete draft.blockSize
    Object.assign(draft, parseBlockSize(blockSize))
  }
}

/** df(1) of coreutils 9. */
export const df: Applet<MountsInput, MountsView, MountsEvent> = {
  usage: 'df [flags] [FILE…]',
  summary: 'Space and inodes of each file system, as df(1) shows them, and never hanging on a dead one',
  description: `
One that may hang (nfs, fuse and the like) is looked at by another process, and said to hang when it hasn't answered in time;
the others are shown all the same. --target looks at those of another container, FILE is a path there.

  df -h
  df -i --target app /data
  df --output=target,pcent -x tmpfs

Exit status: 0 shown; 1 one hung, is dead, or isn't there.`,
  flags,
  operands: { find: ['file'] },
  finish,
  text: renderDf,
  exitStatus: ({ error, summary }) => {
    if (error) return error.code === 'cancelled' ? undefined : 1
    return summary && (summary.hung > 0 || summary.dead > 0 || summary.missingPaths.length > 0 || summary.mounts === 0)
      ? 1
      : 0
  },
}
