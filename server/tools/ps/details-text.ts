import { printable } from '../processes/printable.ts'
import type { PsDetails } from './schema.ts'

/** One process in full, a line for each part; what was refused says why in its place. */
export function renderDetails(details: PsDetails): string {
  const lines = [...identity(details), ...rights(details), ...surroundings(details)]
  const refused = new Map<string, string>()
  for (const [part, { reason, remedy }] of Object.entries(details.denied)) {
    const why = `${reason}; ${remedy}`
    refused.set(why, [refused.get(why), part].filter(Boolean).join(', '))
  }
  const denied = [...refused].map(([why, parts]) => `not shown: ${parts}: ${why}`)
  return `\n${[...lines, ...denied].map(printable).join('\n')}\n`
}

type Lines = string[]

const line = (label: string, value: string | null | undefined): Lines =>
  value === null || value === undefined ? [] : [`${label}: ${value}`]

const block = (label: string, values: readonly string[] | null | undefined): Lines =>
  values ? [`${label}: ${values.length === 0 ? 'none' : ''}`.trimEnd(), ...values.map(value => `  ${value}`)] : []

const list = (values: readonly (string | number)[]) => (values.length === 0 ? 'none' : values.join(', '))

function identity({ cmdline, exe, cwd, root, uids, gids, groups, pidsInNamespaces }: PsDetails): Lines {
  return [
    ...line('cmdline', cmdline && (cmdline.length === 0 ? 'none' : cmdline.map(quoted).join(' '))),
    ...line('exe', exe),
    ...line('cwd', cwd),
    ...line('root', root),
    ...line('uid', uids && `real ${uids.real}, effective ${uids.effective}, saved ${uids.saved}`),
    ...line('gid', gids && `real ${gids.real}, effective ${gids.effective}, saved ${gids.saved}`),
    ...line('groups', groups && list(groups)),
    ...line(
      'pid in nested namespaces',
      pidsInNamespaces && pidsInNamespaces.length > 1 ? list(pidsInNamespaces) : null,
    ),
  ]
}

const quoted = (word: string) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)

function rights({ capabilities, seccomp, noNewPrivs, limits }: PsDetails): Lines {
  const sets = Object.entries(capabilities ?? {}).map(([set, names]) => `${set}: ${list(names)}`)
  const shown = (limit: number | null) => (limit === null ? 'unlimited' : String(limit))
  return [
    ...block('capabilities', capabilities && sets),
    ...line('seccomp', seccomp),
    ...line('no new privileges', noNewPrivs === null ? null : noNewPrivs ? 'yes' : 'no'),
    ...block(
      'limits (soft, hard)',
      limits?.map(({ name, soft, hard, unit }) => `${name}: ${shown(soft)}, ${shown(hard)} ${unit}`.trimEnd()),
    ),
  ]
}

function surroundings({ namespaces, cgroup, openFiles, environ }: PsDetails): Lines {
  const unread = openFiles ? openFiles.total - openFiles.files.length : 0
  return [
    ...line('namespaces', namespaces && list(Object.entries(namespaces).map(([kind, inode]) => `${kind} ${inode}`))),
    ...block('cgroup', cgroup && [...new Set(cgroup.map(({ path }) => path))]),
    ...block(
      `open files (${openFiles?.total ?? 0}${unread > 0 ? `, the first ${openFiles?.files.length}` : ''})`,
      openFiles?.files.map(({ fd, kind, target }) => `${fd} ${kind} ${target}`),
    ),
    ...block('environment', environ),
  ]
}
