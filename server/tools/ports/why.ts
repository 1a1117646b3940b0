import type { Linux } from '../../linux/linux.ts'
import { explainPtraceDenial } from '../../linux/ptrace-access.ts'
import { readPidComm, type SocketOwners } from '../../linux/socket-owners.ts'
import type { Socket } from './read-sockets.ts'

export const notLookedFor = 'not looked for'

/** Why no process holds the socket's file: it has none. */
export function whyOwnerless({ state, protocol }: Socket): string {
  switch (state) {
    case 'TIME-WAIT':
      return 'none: the connection is closed, and only the kernel remembers it (TIME-WAIT)'
    case 'SYN-RECV':
      return 'none yet: the handshake is not complete'
    case 'ESTAB':
    case 'CLOSE-WAIT':
      return 'none yet: the connection waits to be accepted by the listener'
    default:
      return protocol === 'unix'
        ? 'none: the kernel keeps it'
        : 'none: its process closed it, and the kernel finishes the connection'
  }
}

/** Why the process that holds a socket can't be seen: the same for every such socket. */
export function whyUnknown(linux: Linux, { denied }: SocketOwners): string {
  const [first] = denied
  if (first === undefined)
    return (
      'unknown: no visible process holds the socket, so the kernel or another PID namespace does ' +
      '(kubectl debug --target=CONTAINER or shareProcessNamespace: true shows the processes of the other containers)'
    )
  const names = denied.slice(0, namedProcesses).map(pid => nameOf(linux, pid))
  const more = denied.length > names.length ? ', …' : ''
  const files = denied.length === 1 ? '1 process' : `${denied.length} processes`
  const { reason, remedy } = explainPtraceDenial(linux, first)
  return `unknown: the open files of ${files} (${names.join(', ')}${more}) may not be read: ${reason}; ${remedy}`
}

/** Processes named in a reason: enough to recognise a container, short enough for a line. */
const namedProcesses = 3

function nameOf(linux: Linux, pid: number): string {
  try {
    return `${pid} ${readPidComm(linux, pid)}`
  } catch {
    return String(pid)
  }
}
