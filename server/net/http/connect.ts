import { connect, type Socket } from 'node:net'
import { abortable } from '../../core/abortable.ts'
import type { Clock } from '../../core/context.ts'
import { endpoint, type Reason, socketFailure, TransferFailure } from './failure.ts'
import type { Address } from './lookup.ts'

/** One address that was tried. */
export interface Attempt {
  type: 'connect'
  address: string
  port: number
  state: 'connected' | 'failed'
  /** Why it failed; null when it didn't. */
  reason: Reason | null
  message: string | null
  durationMs: number
  localAddress: string | null
  localPort: number | null
}

/** How long one address may keep the next one waiting: RFC 8305, 8 recommends 250 ms. */
const staggerMs = 250

/**
 * Tries the addresses in turn, families alternating, without waiting long for a silent one (Happy Eyeballs, RFC 8305).
 * Yields each attempt that ended; gives the first socket that connected, and when (monotonic clock). Throws the last address's
 * TransferFailure.
 */
export async function* connectAny(
  addresses: readonly Address[],
  port: number,
  clock: Clock,
  signal: AbortSignal,
): AsyncGenerator<Attempt, { socket: Socket; at: number }> {
  const waiting = interleaved(addresses)
  const pending = new Map<Socket, Pending>()
  const done = new AbortController()
  try {
    for (let failure: TransferFailure | undefined; ; ) {
      const next = waiting.shift()
      if (next) start(next, port, clock, pending)
      else if (pending.size === 0) throw failure!
      const stagger = waiting.length > 0 ? [clock.sleep(staggerMs, done.signal)] : []
      const ends = [...pending.values()].map(({ ended }) => ended)
      const tried = await abortable(Promise.race([...ends, ...stagger]), signal)
      if (!tried) continue
      if (!tried.failure) {
        yield tried.attempt
        // No sooner: who leaves at this attempt never gets the socket, and it is closed below.
        pending.delete(tried.socket)
        return tried
      }
      pending.delete(tried.socket)
      yield tried.attempt
      failure = tried.failure
    }
  } catch (error) {
    if (error instanceof TransferFailure && error.reason === 'timeout' && signal.aborted)
      for (const { giveUp } of pending.values()) yield giveUp(error)
    throw error
  } finally {
    done.abort()
    for (const socket of pending.keys()) socket.destroy()
  }
}

interface Tried {
  socket: Socket
  /** When it ended. */
  at: number
  attempt: Attempt
  failure: TransferFailure | undefined
}

interface Pending {
  ended: Promise<Tried>
  /** The attempt as it stands when nobody waits for it any more. */
  giveUp(failure: TransferFailure): Attempt
}

function start(to: Address, port: number, clock: Clock, pending: Map<Socket, Pending>): void {
  const started = clock.monotonic()
  const socket = connect({ host: to.address, port, family: to.family, autoSelectFamily: false })
  const attempt = (failure: TransferFailure | undefined, at = clock.monotonic()) =>
    attemptOf(to.address, port, socket, failure, at - started)
  const ended = new Promise<Tried>(resolve => {
    const end = (failure?: TransferFailure) => {
      const at = clock.monotonic()
      resolve({ socket, at, failure, attempt: attempt(failure, at) })
    }
    socket.once('connect', () => end())
    socket.on('error', error => end(socketFailure('connect', endpoint(to.address, port), error)))
  })
  pending.set(socket, { ended, giveUp: attempt })
}

function attemptOf(
  address: string,
  port: number,
  socket: Socket,
  failure: TransferFailure | undefined,
  durationMs: number,
): Attempt {
  return {
    type: 'connect',
    address,
    port,
    state: failure ? 'failed' : 'connected',
    reason: failure?.reason ?? null,
    message: failure?.message ?? null,
    durationMs: Math.round(durationMs * 1000) / 1000,
    localAddress: socket.localAddress ?? null,
    localPort: socket.localPort ?? null,
  }
}

/** The resolver's first family first, then one of the other, and so on (RFC 8305, 4). */
function interleaved(addresses: readonly Address[]): Address[] {
  const own = addresses.filter(({ family }) => family === addresses[0]?.family)
  const other = addresses.filter(({ family }) => family !== addresses[0]?.family)
  return own.flatMap((address, at) => [address, ...other.slice(at, at + 1)]).concat(other.slice(own.length))
}
