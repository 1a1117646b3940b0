import { ToolError } from '../../core/errors.ts'
import type { Applet, Draft, Flag, Screen } from '../../core/tool.ts'
import { type SocketState, socketStates } from '../../linux/sockets.ts'
import { addressCell, numberCell, portCell, printable } from './cells.ts'
import { alignColumns, type Column } from './columns.ts'
import type { Event, Input, SocketEvent, View } from './schema.ts'
import { unknownOwnersNote } from './unknown-owners.ts'

/** What ss lists when it isn't asked for more: sockets with a peer. */
const connected: SocketState[] = socketStates.filter(
  state => !['LISTEN', 'UNCONN', 'TIME-WAIT', 'SYN-RECV'].includes(state),
)

export const protocolFlags: Flag[] = [
  { field: 'protocol', short: 't', long: 'tcp', value: 'tcp', help: 'TCP sockets' },
  { field: 'protocol', short: 'u', long: 'udp', value: 'udp', help: 'UDP sockets' },
  { field: 'protocol', short: 'x', long: 'unix', value: 'unix', help: 'Unix sockets' },
]

export const numericFlag: Flag = {
  field: 'services',
  short: 'n',
  long: 'numeric',
  value: false,
  help: "Ports as numbers, not as services' names",
}

/** Those that mean the same in ss and in `ditty ports`. */
export const sharedFlags: Flag[] = [
  numericFlag,
  { field: 'processes', short: 'p', long: 'processes', help: 'The processes that hold each socket' },
  { field: 'family', short: '4', long: 'ipv4', value: 'inet', help: 'IPv4 sockets' },
  { field: 'family', short: '6', long: 'ipv6', value: 'inet6', help: 'IPv6 sockets' },
  { field: 'header', short: 'H', long: 'no-header', value: false, help: 'No column headings' },
]

const listeningStates: SocketState[] = ['LISTEN', 'UNCONN']

const stateGroups: Record<string, readonly SocketState[]> = {
  all: socketStates,
  connected: socketStates.filter(state => state !== 'LISTEN' && state !== 'UNCONN'),
  synchronized: socketStates.filter(state => !['LISTEN', 'UNCONN', 'SYN-SENT'].includes(state)),
  established: ['ESTAB'],
  listening: ['LISTEN'],
  closed: ['UNCONN'],
}

/** ss(8). Its `-e`, `-i`, `-m`, `-o` and filters on addresses are not here; `--json` gives UID and inode. */
export const ss: Applet<Input, View, Event> = {
  summary: 'Sockets, in the words of ss(8): TCP, UDP and unix sockets with a peer, unless flags ask otherwise',
  usage: 'ss [flags] [state STATE]…',
  description: `
Flags for protocols and families add up. With -p an owner that can't be seen is an empty cell, and standard error says why.

  ss -tulpn                   what listens, and who
  ss -t state time-wait

Exit status: 0 listed, even if nothing matched; 2 could not look.`,
  flags: [
    ...protocolFlags,
    {
      field: 'state',
      short: 'l',
      long: 'listening',
      value: listeningStates,
      help: 'Sockets that listen, or have no peer',
    },
    { field: 'state', short: 'a', long: 'all', value: [], help: 'Sockets in any state' },
    ...sharedFlags,
  ],
  defaults: { state: connected, processes: false, services: true },
  operand: takeFilterWord,
  operands: { words: ['state'] },
  offersAfter: { state: { words: [...Object.keys(stateGroups), ...socketStates.map(name => name.toLowerCase())] } },
  finish: ({ state }) => {
    if (Array.isArray(state) && state.includes('state')) throw filterError('state needs a name after it')
  },
  text: renderSs,
}

/** `state NAME`, more than once if need be. */
function takeFilterWord(word: string, draft: Draft, index: number): void {
  if (index % 2 === 0) {
    if (word !== 'state') throw filterError(`${word} is no filter it knows`)
    draft.state = [...(index === 0 ? [] : (draft.state as unknown[])), 'state']
    return
  }
  const states = stateGroups[word] ?? socketStates.filter(state => state.toLowerCase() === word.toLowerCase())
  if (states.length === 0) throw filterError(`there is no state ${word}`)
  draft.state = [...(draft.state as unknown[]).filter(state => state !== 'state'), ...states]
}

const filterError = (message: string) =>
  new ToolError('invalid_input', `${message}; of ss's filters only 'state NAME' is supported`, {
    remedy: 'for ports and addresses filter the output, or ditty ports --json',
  })

function renderSs(input: Input, view: View, _screen: Screen) {
  const rows: Record<SocketEvent['protocol'], string[][]> = { unix: [], udp: [], tcp: [] }
  const owners = unknownOwnersNote('ss', input)
  return (event: Event) => {
    if (event.type === 'socket') {
      rows[event.protocol].push(rowOf(event))
      owners.see(event)
      return undefined
    }
    const shown = columns.map((_, at) => at).filter(at => !isHidden(at, input))
    const picked = [...rows.unix, ...rows.udp, ...rows.tcp].map(row => shown.map(at => row[at]!))
    return [
      alignColumns(
        shown.map(at => columns[at]!),
        picked,
        view.header,
      ),
      ...owners.notes(event),
    ]
  }
}

const columns: Column[] = [
  { title: 'Netid', align: 'left', gap: 0 },
  { title: 'State', align: 'left', gap: 1 },
  { title: 'Recv-Q', align: 'left', gap: 1 },
  { title: 'Send-Q', align: 'left', gap: 1 },
  { title: 'Local Address:', align: 'right', gap: 1 },
  { title: 'Port', align: 'left', gap: 0 },
  { title: 'Peer Address:', align: 'right', gap: 1 },
  { title: 'Port', align: 'left', gap: 0 },
  { title: 'Process', align: 'left', gap: 0 },
]

/** ss leaves out what would be the same in each row. */
function isHidden(column: number, { protocol, state }: Input): boolean {
  if (column === 0) return Array.isArray(protocol) && new Set(protocol).size === 1 && protocol[0] !== 'unix'
  return column === 1 && state?.length === 1
}

const unixNames = { stream: 'u_str', dgram: 'u_dgr', seqpacket: 'u_seq' }

function rowOf(event: SocketEvent): string[] {
  const netid = event.protocol === 'unix' ? unixNames[event.socketType ?? 'stream'] : event.protocol
  return [
    netid,
    event.state,
    numberCell(event.recvQ).padEnd(6),
    numberCell(event.sendQ).padEnd(6),
    ...(event.protocol === 'unix' ? unixAddresses(event) : inetAddresses(event)),
    event.processes ? ` users:(${event.processes.flatMap(userCells).join(',')})` : '',
  ]
}

const unixAddresses = ({ localAddress, inode, peerInode }: SocketEvent) => [
  `${localAddress === null ? '*' : printable(localAddress)} `,
  String(inode),
  '* ',
  numberCell(peerInode ?? null),
]

/** ss never writes the interface after a peer. */
const inetAddresses = (event: SocketEvent) => [
  `${addressCell(event, event.localAddress)}:`,
  portCell(event.localPort, event.localService),
  `${addressCell(event, event.peerAddress?.replace(/%.*/, '') ?? null)}:`,
  portCell(event.peerPort, event.peerService),
]

const userCells = ({ comm, pid, fds }: NonNullable<SocketEvent['processes']>[number]) =>
  fds.map(fd => `("${printable(comm)}",pid=${pid},fd=${fd})`)
