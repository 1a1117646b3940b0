import type { FileEvent } from './schema.ts'

/** TCP states in the words of lsof(8), by those of ss. */
const states: Record<NonNullable<FileEvent['state']>, string> = {
  ESTAB: 'ESTABLISHED',
  'SYN-SENT': 'SYN_SENT',
  'SYN-RECV': 'SYN_RECV',
  'FIN-WAIT-1': 'FIN_WAIT1',
  'FIN-WAIT-2': 'FIN_WAIT2',
  'TIME-WAIT': 'TIME_WAIT',
  UNCONN: 'CLOSE',
  'CLOSE-WAIT': 'CLOSE_WAIT',
  'LAST-ACK': 'LAST_ACK',
  LISTEN: 'LISTEN',
  CLOSING: 'CLOSING',
}

export const stateWords: readonly (readonly [string, NonNullable<FileEvent['state']>])[] = Object.entries(states).map(
  ([state, word]) => [word, state as NonNullable<FileEvent['state']>],
)

const unixStates: Partial<Record<NonNullable<FileEvent['state']>, string>> = {
  LISTEN: 'LISTEN',
  ESTAB: 'CONNECTED',
  UNCONN: 'UNCONNECTED',
  'SYN-SENT': 'CONNECTING',
}

/** The state of a TCP or unix socket as lsof names it; undefined for what has none. */
export function stateWord({ protocol, state }: FileEvent): string | undefined {
  if (state === undefined) return undefined
  if (protocol === 'unix') return unixStates[state] ?? state
  return protocol === 'tcp' ? states[state] : undefined
}

/** `127.0.0.1:80->10.1.2.3:4711`, `*:53`, `[::1]:80`. */
export function endsOf(file: FileEvent): string {
  const { localAddress, localPort = 0, peerAddress, peerPort = 0, localService, peerService } = file
  const local = endOf(localAddress ?? '', localPort, localService)
  if (peerPort === 0) return local
  return `${local}->${endOf(peerAddress ?? '', peerPort, peerService)}`
}

function endOf(address: string, port: number, service: string | undefined): string {
  const bare = address.replace(/%.*/, '')
  const host = bare === '0.0.0.0' || bare === '::' ? '*' : bare.includes(':') ? `[${bare}]` : bare
  return `${host}:${port === 0 ? '*' : (service ?? port)}`
}

/** What waits in the queues of a TCP or UDP socket, as lsof -T tells it; a listener has no queue for sending. */
export const queueWords = ({ state, recvQ, sendQ }: FileEvent): string[] => [
  `QR=${recvQ ?? 0}`,
  `QS=${state === 'LISTEN' ? 0 : (sendQ ?? 0)}`,
]
