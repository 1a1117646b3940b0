import type { Descriptor, OpenFiles } from '../../linux/open-files/descriptors.ts'
import { accessOf, lockOf } from '../../linux/procfs/pid-fdinfo.ts'
import { addStat, namedFile, type Owner } from './found-file.ts'
import type { FileEvent } from './schema.ts'
import type { AnySocket, SocketTables } from './socket-tables.ts'

/** One descriptor as an event; a path that was not looked at has no kind yet. */
export function descriptorFile(
  owner: Owner,
  descriptor: Descriptor,
  sockets: SocketTables,
  openFiles: OpenFiles,
): FileEvent {
  const { fd, link, info, stat, linkBytes } = descriptor
  if (!info) return socketFile(owner, fd, link, sockets, openFiles)
  const file = namedFile(owner, fd, accessOf(info.flags), link)
  file.flags = info.flags
  file.offset = info.offset
  if (info.inode !== undefined) file.inode = info.inode
  if (linkBytes) file.pathBase64 = linkBytes.toString('base64')
  const lock = info.more === '' ? undefined : lockOf(info.more)
  if (lock) file.lock = lock
  if (stat) addStat(file, stat)
  if (isInternal(link)) nameInternal(file, link, info.more)
  return file
}

/** What lies on no mount that anybody could name: pipes, memfds, epoll, namespaces, … */
export const isInternal = (link: string): boolean => link[0] !== '/' || link.startsWith('/memfd:')

function nameInternal(file: FileEvent, link: string, more: string): void {
  file.path = null
  file.deleted = false
  delete file.allocatedBytes
  file.name = link
  if (link.startsWith('pipe:[')) {
    file.kind = 'FIFO'
    file.name = 'pipe'
    file.inode = numberIn(link)
  } else if (link.startsWith('anon_inode:')) {
    file.kind = 'a_inode'
    file.sizeBytes = 0
    file.name = anonymousName(link.slice('anon_inode:'.length), more)
  }
}

const numberIn = (link: string) => Number(link.slice(link.indexOf('[') + 1, -1))

/** Descriptors of an epoll that are named, as lsof(8) has it. */
const namedTargets = 32

/** `[eventpoll:4,5]`, `[eventfd:12]`, `[pidfd:321]`: the kernel's name, with what fdinfo tells of it. */
function anonymousName(name: string, more: string): string {
  if (name === '[eventpoll]') {
    const targets = [...more.matchAll(/^tfd: +(\d+)/gm)].map(([, fd]) => Number(fd)).sort((a, b) => a - b)
    const shown = [...targets.slice(0, namedTargets), ...(targets.length > namedTargets ? ['...'] : [])]
    return targets.length > 0 ? `[eventpoll:${shown.join(',')}]` : name
  }
  const id = { '[eventfd]': /^eventfd-id: *(\d+)/m, '[pidfd]': /^Pid:\t(-?\d+)/m }[name]?.exec(more)?.[1]
  return id === undefined ? name : `${name.slice(0, -1)}:${id}]`
}

function socketFile(owner: Owner, fd: number, link: string, sockets: SocketTables, openFiles: OpenFiles): FileEvent {
  const inode = numberIn(link)
  const file = namedFile(owner, fd, 'u', '')
  file.path = null
  file.offset = 0
  file.inode = inode
  const socket = sockets.find(inode, owner.pid)
  if (socket) addSocket(file, socket)
  else {
    const protocol = openFiles.socketProtocol(owner.pid, fd)
    file.kind = 'sock'
    file.device = openFiles.stat(`/proc/${owner.pid}/fd/${fd}`)?.device ?? null
    file.name = protocol === undefined ? link : `protocol: ${protocol}`
    if (protocol !== undefined) file.protocol = protocol
  }
  return file
}

/** A socket that somebody has, but no process that can be seen here. */
export function unheldSocket(socket: AnySocket): FileEvent {
  const nobody = { pid: 0, ppid: 0, pgid: 0, comm: '', uid: 0, user: '' }
  const file = namedFile(nobody, -1, 'u', '')
  addSocket(file, socket)
  return file
}

const otherKinds = { raw: 'raw', raw6: 'raw6', packet: 'pack', netlink: 'netlink' }

function addSocket(file: FileEvent, socket: AnySocket): void {
  file.protocol = socket.protocol
  if ('other' in socket) {
    file.kind = otherKinds[socket.kind]
    file.name = socket.type === undefined ? socket.protocol : `type=${socket.type}`
    return
  }
  file.state = socket.state
  file.localAddress = socket.localAddress
  file.recvQ = socket.recvQ
  file.sendQ = socket.sendQ
  if (socket.protocol === 'unix') {
    file.kind = 'unix'
    file.socketType = socket.socketType
    file.peerInode = socket.peerInode
    return
  }
  file.kind = socket.family === 'inet' ? 'IPv4' : 'IPv6'
  file.localPort = socket.localPort
  file.peerAddress = socket.peerAddress
  file.peerPort = socket.peerPort
}
