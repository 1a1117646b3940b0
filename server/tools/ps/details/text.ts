import { bytesText } from '../../limits/format.ts'
import { printable } from '../../processes/printable.ts'
import type { PsDetails, PsOpenFile } from '../schema.ts'

/** One process in full, a line for each part; what was refused says why in its place. */
export function renderDetails(details: PsDetails): string {
  const lines = [
    ...identity(details),
    ...rights(details),
    ...signalLines(details),
    ...memoryLines(details),
    ...waitLines(details),
    ...surroundings(details),
  ]
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

function signalLines({ signals }: PsDetails): Lines {
  return Object.entries(signals ?? {}).flatMap(([set, names]) => line(`signals ${set}`, list(names)))
}

function memoryLines({ memory, oomScore, oomScoreAdj }: PsDetails): Lines {
  const parts = Object.entries(memory ?? {}).flatMap(([field, bytes]) =>
    bytes === null ? [] : [`${memoryWords[field as keyof typeof memoryWords]} ${bytesText(bytes)}`],
  )
  const adjusted = oomScoreAdj === null ? '' : `, adjusted by ${oomScoreAdj}`
  return [
    ...line('memory', memory && list(parts)),
    ...line('oom score', oomScore === null ? null : `${oomScore}${adjusted}`),
  ]
}

const memoryWords: Record<keyof NonNullable<PsDetails['memory']>, string> = {
  rssBytes: 'rss',
  pssBytes: 'pss',
  pssAnonBytes: 'of it anonymous',
  pssFileBytes: 'of files',
  pssShmemBytes: 'of shared memory',
  sharedCleanBytes: 'shared clean',
  sharedDirtyBytes: 'shared dirty',
  privateCleanBytes: 'private clean',
  privateDirtyBytes: 'private dirty',
  anonymousBytes: 'anonymous',
  anonHugePagesBytes: 'huge pages',
  swapBytes: 'swap',
  swapPssBytes: 'swap by share',
  lockedBytes: 'locked',
}

function waitLines({ waitChannel, syscall, threads }: PsDetails): Lines {
  const places = [waitChannel, syscall && `system call ${syscall}`].filter(Boolean)
  return [
    ...line('waits in', places.length > 0 ? places.join(', ') : null),
    ...block(
      `threads (${counted(threads?.total, threads?.threads)})`,
      threads?.threads.map(
        ({ tid, comm, state, processor, cpuTimeMs }) =>
          `${tid} ${comm} ${state}, ${cpuTimeMs} ms on CPU, last on CPU ${processor}`,
      ),
    ),
  ]
}

/** `4`, or `5000, the first 1024`. */
const counted = (total = 0, shown: readonly unknown[] = []) =>
  shown.length < total ? `${total}, the first ${shown.length}` : String(total)

function surroundings({ namespaces, cgroup, mounts, openFiles, environ }: PsDetails): Lines {
  const root = mounts?.root
  return [
    ...line('namespaces', namespaces && list(Object.entries(namespaces).map(([kind, inode]) => `${kind} ${inode}`))),
    ...block('cgroup', cgroup && [...new Set(cgroup.map(({ path }) => path))]),
    ...line(
      'mounts',
      mounts &&
        `${mounts.total}${root ? `, the root ${root.readOnly ? 'read-only' : 'writable'} (${root.fsType})` : ''}`,
    ),
    ...block(`open files (${counted(openFiles?.total, openFiles?.files)})`, openFiles?.files.map(fileLine)),
    ...block('environment', environ),
  ]
}

function fileLine({ fd, kind, target, position, flags, socket }: PsOpenFile): string {
  const facts = [
    kind === 'file' || kind === 'deleted' || kind === 'memfd' ? position !== null && `at ${position}` : false,
    flags?.join(' '),
    socket && socketWords(socket),
  ].filter(Boolean)
  return `${fd} ${kind} ${target}${facts.length > 0 ? ` (${facts.join(', ')})` : ''}`
}

function socketWords({ protocol, state, localAddress, localPort, peerAddress, peerPort, peerInode }: Socket): string {
  if (protocol === 'unix')
    return [protocol, state, localAddress, peerInode ? `peer [${peerInode}]` : undefined].filter(Boolean).join(' ')
  const isListening = state === 'LISTEN' || peerPort === 0
  const peer = isListening ? '' : ` to ${endpoint(peerAddress, peerPort)}`
  return `${protocol} ${state} ${endpoint(localAddress, localPort)}${peer}`
}

type Socket = NonNullable<PsOpenFile['socket']>

const endpoint = (address: string | null, port: number | null) =>
  address?.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
