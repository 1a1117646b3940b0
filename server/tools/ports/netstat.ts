import type { Applet, Draft, Screen } from '../../core/tool.ts'
import type { SocketState } from '../../linux/sockets.ts'
import { portCell, printable, splitScope } from './cells.ts'
import type { Event, Input, SocketEvent, View } from './schema.ts'
import { numericFlag, protocolFlags } from './ss.ts'
import { unknownOwnersNote } from './unknown-owners.ts'

/**
 * netstat(8) of net-tools. It reads /proc/net as netstat does, and so prints 0 for a listener's Send-Q. Addresses stay numbers
 * and are never cut. Where netstat writes `-` for any owner it does not see, this one means that there is none.
 */
export const netstat: Applet<Input, View, Event> = {
  summary:
    'Sockets, in the layout of netstat(8): those with a peer, unless flags ask otherwise; addresses stay numbers',
  usage: 'netstat [flags]',
  description: `
Reads /proc/net, which tells no backlog of listeners: their Send-Q is 0. With -p "unknown" is an owner that can't be seen, and
standard error says why; "-" is no owner. There are no routes, interfaces or statistics here.

  netstat -tulpn
  netstat -an

Exit status: 0 listed, even if nothing matched; 2 could not look.`,
  flags: [
    ...protocolFlags,
    { field: 'listening', short: 'l', long: 'listening', value: true, help: 'Sockets that listen, or have no peer' },
    { field: 'state', short: 'a', long: 'all', value: [], help: 'Sockets in any state' },
    numericFlag,
    { field: 'processes', short: 'p', long: 'programs', help: 'The process that holds each socket' },
    { field: 'family', short: '4', long: 'inet', value: 'inet', help: 'IPv4 sockets' },
    { field: 'family', short: '6', long: 'inet6', value: 'inet6', help: 'IPv6 sockets' },
    { field: 'extended', short: 'e', long: 'extend', help: 'UID (a number) and inode of each socket' },
    { field: 'header', short: 'W', long: 'wide', value: true, help: "Don't cut addresses: they never are" },
  ],
  defaults: { listening: false, processes: false, services: true, source: 'procfs' },
  finish: allWins,
  text: renderNetstat,
}

/** As in net-tools, `-a` says more than `-l`, whichever comes first. */
function allWins(draft: Draft): void {
  if (!('state' in draft)) return
  delete draft.state
  delete draft.listening
}

function renderNetstat(input: Input, view: View, _screen: Screen) {
  const inet: string[] = []
  const unix: string[] = []
  const owners = unknownOwnersNote('netstat', input)
  return (event: Event) => {
    if (event.type === 'socket') {
      owners.see(event)
      if (event.protocol === 'unix') unix.push(unixLine(event, input))
      else inet.push(inetLine(event, input, view))
      return undefined
    }
    const parts = []
    if (event.sources.tcp || event.sources.udp) parts.push(inetHeading(input, view), ...inet)
    if (event.sources.unix) parts.push(unixHeading(input), ...unix)
    return [parts.join(''), ...owners.notes(event)]
  }
}

const which = ({ listening }: Input) =>
  listening ? 'only servers' : listening === false ? 'w/o servers' : 'servers and established'

function inetHeading(input: Input, { extended }: View): string {
  const more = [...(extended ? ['User      ', 'Inode     '] : []), ...(input.processes ? ['PID/Program name    '] : [])]
  const titles = `Proto Recv-Q Send-Q ${'Local Address'.padEnd(23)} ${'Foreign Address'.padEnd(23)} ${'State'.padEnd(11)}`
  return `Active Internet connections (${which(input)})\n${[titles, ...more].join(' ')}\n`
}

const unixHeading = (input: Input) =>
  `Active UNIX domain sockets (${which(input)})\n` +
  `Proto RefCnt Flags       Type       State         I-Node   ${input.processes ? 'PID/Program name     ' : ''}Path\n`

const inetStates: Partial<Record<SocketState, string>> = {
  ESTAB: 'ESTABLISHED',
  'SYN-SENT': 'SYN_SENT',
  'SYN-RECV': 'SYN_RECV',
  'FIN-WAIT-1': 'FIN_WAIT1',
  'FIN-WAIT-2': 'FIN_WAIT2',
  'TIME-WAIT': 'TIME_WAIT',
  'CLOSE-WAIT': 'CLOSE_WAIT',
  'LAST-ACK': 'LAST_ACK',
}

function inetLine(event: SocketEvent, input: Input, { extended }: View): string {
  const { protocol, family, recvQ, sendQ, state, uid, inode } = event
  const stateName = protocol === 'udp' && state === 'UNCONN' ? '' : (inetStates[state] ?? state)
  const cells = [
    (family === 'inet6' ? `${protocol}6` : protocol).padEnd(5),
    String(recvQ ?? 0).padStart(6),
    String(sendQ ?? 0).padStart(6),
    endpoint(input, event.localAddress, event.localPort, event.localService).padEnd(23),
    endpoint(input, event.peerAddress, event.peerPort, event.peerService).padEnd(23),
    stateName.padEnd(11),
  ]
  if (extended) cells.push(String(uid ?? 0).padEnd(10), String(inode).padEnd(10))
  if (input.processes) cells.push(programCell(event))
  return `${cells.join(' ')}\n`
}

function endpoint({ services }: Input, address: string | null, port: number | null, service?: string): string {
  const [host] = splitScope(address ?? '')
  const shown = services && host === '::' ? '[::]' : host.replace(/^::ffff:(?=\d+\.)/, '')
  return `${shown}:${portCell(port, service)}`
}

function programCell({ processes, inode }: SocketEvent): string {
  const [holder] = processes ?? []
  if (holder) return `${holder.pid}/${printable(holder.comm)}`.padEnd(20)
  return (inode === 0 ? '-' : 'unknown').padEnd(20)
}

function unixLine(event: SocketEvent, input: Input): string {
  const { state, inode, socketType = 'stream', localAddress, refCount } = event
  const cells = [
    'unix ',
    String(refCount ?? '?').padEnd(6),
    (state === 'LISTEN' ? '[ ACC ]' : '[ ]').padEnd(11),
    socketType.toUpperCase().padEnd(10),
    unixState(event).padEnd(13),
    String(inode).padEnd(8),
    ...(input.processes ? [programCell(event)] : []),
    localAddress === null ? '' : printable(localAddress),
  ]
  return `${cells.join(' ')}\n`
}

function unixState({ state, inode }: SocketEvent): string {
  if (state === 'LISTEN') return 'LISTENING'
  if (state !== 'ESTAB') return ''
  return inode === 0 ? 'CONNECTING' : 'CONNECTED'
}
