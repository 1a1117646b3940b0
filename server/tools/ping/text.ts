import type { Payload } from '../../core/payload.ts'
import type { Chunk, Renderer, Screen } from '../../core/tool.ts'
import { isShortInet } from './host.ts'
import type { Lost, PingEvent, PingInput, PingView, Reply, Summary, Target } from './schema.ts'

/** What separates the two command lines: ping(8) says nothing of a request that nobody answers. */
interface Style {
  showTimeouts: boolean
}

/** The lines of ping(8), and for TCP lines like them. */
export function pingText({ showTimeouts }: Style) {
  return (input: PingInput, view: PingView, _screen: Screen): Renderer<PingEvent | Payload> => {
    let target: Target | undefined
    const shown = (address: string, name: string | null) => withName(address, name, target, input.numeric)
    return event => {
      switch (event.type) {
        case 'target':
          target = event
          return headline(event, shown(event.address, event.peerName))
        case 'reply':
          return view.quiet || !target ? undefined : replyLine(event, target, shown(event.peerAddress, event.peerName))
        case 'lost':
          if (event.reason === 'timeout' && !showTimeouts) return undefined
          return view.quiet || !target ? undefined : lostLine(event, target, shown)
        case 'summary':
          return summaryLines(event, input)
      }
    }
  }
}

/** ping(8) names no address that was given as one, and writes `A (A)` for one that has no name. */
function withName(address: string, name: string | null, target: Target | undefined, numeric: boolean): string {
  const wasNamed = target !== undefined && target.host !== target.address && !isShortInet(target.host)
  return numeric || !wasNamed ? address : `${name ?? address} (${address})`
}

const ipv4HeaderBytes = 20
const icmpHeaderBytes = 8

function headline({ host, address, family, port, payloadBytes }: Target, shownAddress: string): string {
  if (payloadBytes === null) return `PING ${host} (${address}) TCP port ${port}.\n`
  if (family === 'inet6') return `PING ${host}(${shownAddress}) ${payloadBytes} data bytes\n`
  const wholeBytes = payloadBytes + icmpHeaderBytes + ipv4HeaderBytes
  return `PING ${host} (${address}) ${payloadBytes}(${wholeBytes}) bytes of data.\n`
}

function replyLine(reply: Reply, target: Target, from: string): string {
  const { seq, ttl, rttMs, bytes, duplicate, late, peerAddress } = reply
  if (bytes === null) return `Connected to ${from}: tcp_seq=${seq} time=${time(rttMs)} ms\n`
  const isOneHost = !isMulticast(target.address)
  const notes = [
    duplicate && isOneHost && ' (DUP!)',
    late && ' (LATE!)',
    peerAddress !== target.address && isOneHost && ' (DIFFERENT ADDRESS!)',
  ].filter(Boolean)
  const hops = ttl === null ? '' : ` ttl=${ttl}`
  return `${bytes} bytes from ${from}: icmp_seq=${seq}${hops} time=${time(rttMs)} ms${notes.join('')}\n`
}

const isMulticast = (address: string) => address.startsWith('ff') || /^(22[4-9]|23\d)\./.test(address)

function lostLine(lost: Lost, target: Target, shown: (address: string, name: string | null) => string): Chunk {
  const { seq, reason, peerAddress, peerName, message, error, rttMs } = lost
  const sequence = `${target.transport}_seq=${seq}`
  if (peerAddress !== null) {
    const after = rttMs === null ? '' : ` time=${time(rttMs)} ms`
    return `From ${shown(peerAddress, peerName)} ${sequence} ${message}${after}\n`
  }
  if (reason === 'timeout' || error === null) return `${sequence} ${message}\n`
  return { stderr: `ping: ${target.transport === 'tcp' ? 'connect' : 'sendmsg'}: ${message}\n` }
}

function summaryLines(summary: Summary, { host, tcpPort, intervalSeconds }: PingInput): string {
  const { transmitted, received, duplicates, errors, lossRatio, elapsedMs, rttMs, pipe } = summary
  const counts = [
    `${transmitted} ${tcpPort === undefined ? 'packets transmitted' : 'handshakes tried'}`,
    `${received} ${tcpPort === undefined ? 'received' : 'completed'}`,
    duplicates > 0 && `+${duplicates} duplicates`,
    errors > 0 && `+${errors} errors`,
    transmitted > 0 && `${percent(lossRatio)}% ${tcpPort === undefined ? 'packet ' : ''}loss`,
    `time ${Math.floor(elapsedMs)}ms`,
  ]
  const times = [
    rttMs && `rtt min/avg/max/mdev = ${[rttMs.min, rttMs.avg, rttMs.max, rttMs.mdev].map(fine).join('/')} ms`,
    pipe > 1 && `pipe ${pipe}`,
    rttMs && intervalSeconds === 0 && transmitted > 1
      ? `ipg/ewma ${fine(elapsedMs / (transmitted - 1))}/${fine(rttMs.ewma)} ms`
      : false,
  ]
  return `\n--- ${host} ping statistics ---\n${counts.filter(Boolean).join(', ')}\n${times.filter(Boolean).join(', ')}\n`
}

/** printf's %g: six significant digits, no trailing zeros. */
const percent = (ratio: number) => String(Number((ratio * 100).toPrecision(6)))

const fine = (ms: number) => ms.toFixed(3)

/** Three significant digits below 10 ms as ping(8) has it, whole ms from 100 s on. */
function time(ms: number): string {
  if (ms >= 99_999.95) return ms.toFixed(0)
  if (ms >= 9_999.995) return ms.toFixed(1)
  if (ms >= 1_000) return ms.toFixed(2)
  return ms.toFixed(3)
}
