import type { Screen } from '../../core/tool.ts'
import { addressCell, numberCell, portCell, printable } from './cells.ts'
import { alignColumns, type Column } from './columns.ts'
import type { Event, Input, SocketEvent, Summary, View } from './schema.ts'
import { isListening } from './selection.ts'
import { sockets } from './unknown-owners.ts'

/** A table with the listeners first; reasons stand below it, once each, and rows refer to them by number. */
export function renderTable(input: Input, view: View, { colour }: Screen) {
  const events: SocketEvent[] = []
  return (event: Event) => {
    if (event.type === 'socket') {
      events.push(event)
      return undefined
    }
    const reasons = new Map<string, number>()
    const rows = listenersFirst(events).map(event => rowOf(event, view, reasons))
    const table = alignColumns(columnsOf(view), rows, view.header).replace(/ +$/gm, '')
    return (colour ? emphasised(table, view.header) : table) + footer(event, input, reasons)
  }
}

const listenersFirst = (events: readonly SocketEvent[]) => [
  ...events.filter(isListening),
  ...events.filter(event => !isListening(event)),
]

const columnsOf = ({ extended }: View): Column[] => [
  { title: 'PROTO', align: 'left', gap: 0 },
  { title: 'STATE', align: 'left', gap: 2 },
  { title: 'RECV-Q', align: 'right', gap: 2 },
  { title: 'SEND-Q', align: 'right', gap: 2 },
  { title: 'LOCAL', align: 'left', gap: 2 },
  { title: 'PEER', align: 'left', gap: 2 },
  ...(extended
    ? ([
        { title: 'UID', align: 'right', gap: 2 },
        { title: 'INODE', align: 'right', gap: 2 },
      ] as const)
    : []),
  { title: 'PROCESSES', align: 'left', gap: 2 },
]

function rowOf(event: SocketEvent, { extended }: View, reasons: Map<string, number>): string[] {
  return [
    event.protocol === 'unix' ? `unix ${event.socketType}` : event.protocol,
    event.state,
    numberCell(event.recvQ),
    numberCell(event.sendQ),
    ...(event.protocol === 'unix' ? unixEnds(event) : inetEnds(event)),
    ...(extended ? [numberCell(event.uid), String(event.inode)] : []),
    processesCell(event, reasons),
  ]
}

const inetEnds = (event: SocketEvent) => [
  `${addressCell(event, event.localAddress)}:${portCell(event.localPort, event.localService)}`,
  event.peerPort === 0 ? '' : `${addressCell(event, event.peerAddress)}:${portCell(event.peerPort, event.peerService)}`,
]

const unixEnds = ({ localAddress, inode, peerInode }: SocketEvent) => [
  localAddress === null ? `(unnamed) ${inode}` : printable(localAddress),
  peerInode ? String(peerInode) : '',
]

function processesCell({ processes, why = '' }: SocketEvent, reasons: Map<string, number>): string {
  if (processes) return processes.map(({ pid, comm }) => `${pid} ${printable(comm)}`).join(', ')
  const short = why.split(':', 1)[0]!
  if (short === why) return why
  if (!reasons.has(why)) reasons.set(why, reasons.size + 1)
  return `${short} [${reasons.get(why)}]`
}

function footer({ sockets: total, notes }: Summary, { processes }: Input, reasons: Map<string, number>): string {
  const listed = processes ? [...reasons].map(([why, number]) => `[${number}] ${why}`) : []
  const lines = [...listed, ...notes.map(note => `Note: ${note}`), `${sockets(total)}`]
  return `\n${lines.join('\n')}\n`
}

const bold = '\x1b[1m'
const green = '\x1b[32m'
const plain = '\x1b[0m'

const emphasised = (table: string, header: boolean) =>
  (header ? table.replace(/^.*$/m, `${bold}$&${plain}`) : table).replace(
    /^(\S+(?: \w+)? +)LISTEN/gm,
    `$1${green}LISTEN${plain}`,
  )
