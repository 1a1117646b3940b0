import { ToolError } from '../../core/errors.ts'
import type { Draft, Flag } from '../../core/tool.ts'

/** `nfs,nfs4`, or with `no` in front all but these. */
export const typesFlag = (short: string): Flag => ({
  field: 'types',
  short,
  long: 'types',
  metavar: 'TYPES',
  help: 'Only file systems of these types, with commas between; with no in front all but these',
  parse: word => word.split(','),
})

/** Sorts out the types with `no` in front: mnt_match_fstype() of libmount, where one stands for all that follow. */
export function finishTypes(draft: Draft): void {
  const types = draft.types as string[] | undefined
  if (!types?.some(type => type.startsWith('no'))) return
  if (!types[0]!.startsWith('no'))
    throw new ToolError(
      'invalid_input',
      `the type '${types.find(type => type.startsWith('no'))}' excludes where the first one chooses`,
      {
        remedy: 'put no in front of the first type alone: -t noproc,sysfs',
      },
    )
  delete draft.types
  draft.excludeTypes = types.map(type => type.replace(/^no/, ''))
}
