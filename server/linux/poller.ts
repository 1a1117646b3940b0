import { checked, type Libc, openLibc, pinned } from './libc.ts'

/**
 * Waiting on descriptors that Node doesn't know. All of them stand in one epoll set per process, and that set is itself one
 * descriptor of libuv's own loop: no pool thread is held, no wake-up crosses a thread, and `process.exit` waits for nothing.
 * The set exists while something is watched, so an idle process can end.
 */
export interface Watch {
  /**
   * Resolves when the descriptor has something to read or an error queued, after `ms`, or at `wake`; the waiter finds out by
   * reading without blocking. One waiter at a time. Nothing is reported between two calls, so a slow reader costs nothing.
   */
  ready(ms: number): Promise<void>
  /** Ends the wait under way, or the next one at once. */
  wake(): void
  /** Leaves the set. Comes before the descriptor is closed. */
  close(): void
}

export async function watch(descriptor: number): Promise<Watch> {
  calls ??= bind(await openLibc())
  poller ??= new Poller(calls)
  return poller.add(descriptor)
}

type Calls = ReturnType<typeof bind>
let calls: Calls | undefined
let poller: Poller | undefined

const bind = (libc: Libc) => ({
  libc,
  create: libc.func<(flags: number) => number>('int epoll_create1(int flags)'),
  control: libc.func<(set: number, operation: number, descriptor: number, event: Buffer) => number>(
    'int epoll_ctl(int set, int operation, int descriptor, void *event)',
  ),
  wait: libc.func<(set: number, events: Buffer, limit: number, ms: number) => number>(
    'int epoll_wait(int set, void *events, int limit, int ms)',
  ),
  close: libc.func<(descriptor: number) => number>('int close(int descriptor)'),
})

const EPOLL_CLOEXEC = 0x80000
const EPOLL_CTL_ADD = 1
const EPOLL_CTL_DEL = 2
const EPOLL_CTL_MOD = 3
const EPOLLIN = 1
const EPOLLONESHOT = 1 << 30

/** struct epoll_event is packed on x86-64 alone. include/uapi/linux/eventpoll.h */
const eventSize = process.arch === 'x64' ? 12 : 16
const dataOffset = eventSize - 8

/** Descriptors woken in one turn of the loop; the set stays readable, so the others follow in the next. */
const eventsPerTurn = 64

class Poller {
  readonly #calls: Calls
  readonly #set: number
  readonly #watched = new Map<number, Watched>()
  readonly #event = pinned(eventSize)
  readonly #events = pinned(eventSize * eventsPerTurn)
  readonly #handle: { close(): void }
  #collecting = false

  constructor(calls: Calls) {
    this.#calls = calls
    this.#set = checked(calls.libc, 'epoll_create1', calls.create(EPOLL_CLOEXEC))
    // The callback runs outside Node's callback scope, where promises don't settle; an immediate runs in the same turn, inside.
    this.#handle = calls.libc.koffi.node.poll(this.#set, () => {
      if (!this.#collecting) setImmediate(() => this.#collect())
      this.#collecting = true
    })
  }

  add(descriptor: number): Watch {
    try {
      this.#control(EPOLL_CTL_ADD, descriptor, EPOLLONESHOT)
    } catch (error) {
      this.#closeWhenEmpty()
      throw error
    }
    const watched = new Watched(
      () => this.#control(EPOLL_CTL_MOD, descriptor, EPOLLIN | EPOLLONESHOT),
      () => this.#remove(descriptor),
    )
    this.#watched.set(descriptor, watched)
    return watched
  }

  #collect(): void {
    this.#collecting = false
    if (this.#watched.size === 0) return
    const count = this.#calls.wait(this.#set, this.#events, eventsPerTurn, 0)
    for (let at = 0; at < count; at++)
      this.#watched.get(this.#events.readInt32LE(at * eventSize + dataOffset))?.settle()
  }

  #remove(descriptor: number): void {
    this.#watched.delete(descriptor)
    try {
      this.#control(EPOLL_CTL_DEL, descriptor, 0)
    } finally {
      this.#closeWhenEmpty()
    }
  }

  #closeWhenEmpty(): void {
    if (this.#watched.size > 0) return
    this.#handle.close()
    this.#calls.close(this.#set)
    poller = undefined
  }

  #control(operation: number, descriptor: number, events: number): void {
    this.#event.writeUInt32LE(events, 0)
    this.#event.writeInt32LE(descriptor, dataOffset)
    checked(this.#calls.libc, 'epoll_ctl', this.#calls.control(this.#set, operation, descriptor, this.#event))
  }
}

class Watched implements Watch {
  readonly #arm: () => void
  readonly #leave: () => void
  #settle: (() => void) | undefined
  #woken = false
  #closed = false

  constructor(arm: () => void, leave: () => void) {
    this.#arm = arm
    this.#leave = leave
  }

  ready(ms: number): Promise<void> {
    if (this.#woken || this.#closed) {
      this.#woken = false
      return Promise.resolve()
    }
    return new Promise(resolve => {
      const timer = Number.isFinite(ms) ? setTimeout(() => this.settle(), ms) : undefined
      this.#settle = () => {
        clearTimeout(timer)
        resolve()
      }
      this.#arm()
    })
  }

  settle(): void {
    const settle = this.#settle
    this.#settle = undefined
    settle?.()
  }

  wake(): void {
    if (this.#settle) this.settle()
    else this.#woken = true
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#leave()
    this.settle()
  }
}
