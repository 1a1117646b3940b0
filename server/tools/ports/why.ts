import type { Linux } from '../../linux/linux.ts'
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
  if (denied.length === 0) return `unknown: no process visible here holds it, so ${elsewhere}`
  const names = denied.slice(0, namedProcesses).map(pid => nameOf(linux, pid))
  const more = denied.length > names.length ? ', …' : ''
  const files = denied.length === 1 ? '1 process' : `${denied.length} processes`
  return (
    `unknown: the open files of ${files} (${names.join(', ')}${more}) may not be read: that needs the same UID and no fewer ` +
    `capabilities, or CAP_SYS_PTRACE (kubectl debug --profile=general or sysadmin adds it); or ${elsewhere}`
  )
}

const elsewhere =
  'it belongs to the kernel or to a process in another PID namespace (kubectl debug --target=CONTAINER or ' +
  'shareProcessNamespace: true in the pod shows those)'

/** Processes named in a reason: enough to recognise a container, short enough for a line. */
const namedProcesses = 3

function nameOf(linux: Linux, pid: number): string {
  try {
    return `${pid} ${readPidComm(linux, pid)}`
  } catch {
    return String(pid)
  }
}
