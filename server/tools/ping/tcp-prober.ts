import { createConnection, type Socket } from 'node:net'
import { errnoOf } from '../../linux/linux.ts'
import { refusal } from './icmp-prober.ts'
import type { Finding, Prober } from './prober.ts'

/** Connections under way at once: a container's usual limit is 1,024 descriptors, and others here need some too. */
const maxInFlight = 256

/** Asks by TCP handshakes with one port, for where ICMP is denied or dropped. A refusal proves the host up, and is not a reply. */
export async function openTcpProber(address: string, port: number): Promise<Prober> {
  await warmUp()
  const connecting = new Map<number, Socket>()
  const findings: Finding[] = []
  const sleeper = new Sleeper()

  const found = (seq: number, finding: Finding) => {
    if (!connecting.delete(seq)) return
    findings.push(finding)
    sleeper.wake()
  }

  return {
    target: { transport: 'tcp', socket: null, port, payloadBytes: null },
    maxInFlight,
    send(seq) {
      const socket = createConnection({ host: address, port })
      connecting.set(seq, socket)
      let started = performance.now()
      // Right before connect(2), a turn of the loop after the call above.
      socket.once('connectionAttempt', () => (started = performance.now()))
      socket.once('connect', () => {
        found(seq, connected(seq, address, performance.now() - started))
        socket.destroy()
      })
      socket.once('error', error => found(seq, failed(seq, address, error, performance.now() - started)))
      return undefined
    },
    collect: () => findings.splice(0),
    giveUp(seq) {
      connecting.get(seq)?.destroy()
      connecting.delete(seq)
    },
    ready: ms => (findings.length > 0 ? Promise.resolve() : sleeper.sleep(ms)),
    wake: () => sleeper.wake(),
    close() {
      for (const socket of connecting.values()) socket.destroy()
      connecting.clear()
    },
  }
}

/**
 * Node loads and compiles what a first connection needs only when there is one, and would count that, 2 ms, into its handshake.
 * So there is one before, to nobody: an abstract unix socket that does not exist.
 */
function warmUp(): Promise<void> {
  return new Promise(resolve => {
    const socket = createConnection({ path: `\0ditty-nobody-${process.pid}` })
    socket.once('connect', () => socket.destroy())
    socket.once('error', () => {})
    socket.once('close', () => resolve())
  })
}

const connected = (seq: number, peerAddress: string, rttMs: number): Finding => ({
  kind: 'reply',
  sequence: seq & 0xffff,
  peerAddress,
  ttl: null,
  bytes: null,
  rttMs,
})

function failed(seq: number, peerAddress: string, error: unknown, rttMs: number): Finding {
  const lost = { kind: 'lost', sequence: seq & 0xffff, error: errnoOf(error) ?? null } as const
  switch (lost.error) {
    case 'ECONNREFUSED':
      return { ...lost, peerAddress, reason: 'refused', message: 'Connection refused: the host is up', rttMs }
    case 'ECONNRESET':
      return { ...lost, peerAddress, reason: 'reset', message: 'Connection reset: the host is up', rttMs }
    case 'ETIMEDOUT':
      return { ...lost, peerAddress: null, reason: 'timeout', message: 'Connection timed out', rttMs: null }
  }
  return { ...lost, ...refusal(lost.error ?? 'unknown', words(lost.error)), peerAddress: null, rttMs: null }
}

/** strerror(3)'s words, for which no FFI is loaded here. */
const words = (code: string | null) =>
  ({
    ENETUNREACH: 'Network is unreachable',
    EHOSTUNREACH: 'No route to host',
    EACCES: 'Permission denied',
    EPERM: 'Operation not permitted',
    EINVAL: 'Invalid argument',
  })[code ?? ''] ?? `${code}`

/** A sleep that can be ended; a wake before it ends it at once. */
class Sleeper {
  #woken = false
  #end: (() => void) | undefined

  sleep(ms: number): Promise<void> {
    if (this.#woken) {
      this.#woken = false
      return Promise.resolve()
    }
    return new Promise(resolve => {
      const timer = Number.isFinite(ms) ? setTimeout(() => this.wake(), ms) : undefined
      this.#end = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  wake(): void {
    const end = this.#end
    this.#end = undefined
    if (end) end()
    else this.#woken = true
  }
}
