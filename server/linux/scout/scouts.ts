import { abortable } from '../../core/abortable.ts'
import { ToolError } from '../../core/errors.ts'
import type { Look, LookKind, Views } from './look.ts'
import { Scout, ScoutLost } from './scout.ts'

/** What became of a look. Hung: nobody answered within so many ms. */
export type Sight<Kind extends LookKind = LookKind> =
  | { outcome: 'seen'; view: Views[Kind] }
  | { outcome: 'failed'; errno: string; message: string }
  | { outcome: 'hung'; afterMs: number }

export interface LookOptions {
  /** `major:minor` of the mount that the path leads to, as in mountinfo: once it hung, no look of this run waits for it again. */
  device: string
  /** Those of the mounts that lead there: where one of them has hung, this look would too. */
  through?: readonly string[]
  /** Counted from when the scout is sent off, not while it starts or while others are out. */
  deadlineMs: number
  /** That of the run: what hung is remembered for as long. */
  signal: AbortSignal
}

/** Each costs 9 MB of its own while it lives, and shares the rest with us. Looks at several dead mounts overlap so far. */
const mostScouts = 4
/** Node starts in 50 ms; on a machine that is busy to the brim a hundred times slower. */
const startMs = 15_000
const idleMs = 3_000

const waiting: (() => void)[] = []
const idle = new Map<Scout, NodeJS.Timeout>()
/**
 * Scouts that were given up and live on: a killed one too waits for the answer to what it asked a FUSE file system
 * (request_wait_answer(), fs/fuse/dev.c), and keeps its memory. `since` by performance.now().
 */
const stuck = new Set<{ device: string; since: number }>()
/** Of each process; then it looks at nothing more that may hang. */
const mostStuck = 16
const hungInRun = new WeakMap<AbortSignal, Map<string, number>>()
let out = 0

/**
 * Has another process look, so that neither our event loop nor our exit waits where a file system never answers. Rejects with the
 * signal's reason, or ToolError `unavailable` where no such process can run.
 */
export async function lookAt<Kind extends LookKind>(look: Look<Kind>, options: LookOptions): Promise<Sight<Kind>> {
  const devices = [...(options.through ?? []), options.device]
  const before = knownHung(devices, options)
  if (before) return before
  await enter(options.signal)
  try {
    return knownHung(devices, options) ?? (await send(look, options))
  } finally {
    leave()
  }
}

/** Also where a scout is stuck for longer than this look would wait: another one would only stand beside it. */
function knownHung(
  devices: readonly string[],
  { signal, deadlineMs }: LookOptions,
): { outcome: 'hung'; afterMs: number } | undefined {
  const hung = hungInRun.get(signal)
  for (const device of devices) {
    const afterMs = hung?.get(device)
    if (afterMs !== undefined) return { outcome: 'hung', afterMs }
  }
  for (const { device, since } of stuck) {
    const afterMs = Math.round(performance.now() - since)
    if (afterMs >= deadlineMs && devices.includes(device)) return { outcome: 'hung', afterMs }
  }
  return undefined
}

async function send<Kind extends LookKind>(
  look: Look<Kind>,
  { device, deadlineMs, signal }: LookOptions,
): Promise<Sight<Kind>> {
  if (stuck.size >= mostStuck) throw tooMany()
  const scout = await called(signal)
  const since = performance.now()
  try {
    const answer = await abortable(within(scout.look(look), deadlineMs), signal)
    if (!answer) {
      giveUp(scout, device, since)
      remember(device, deadlineMs, signal)
      return { outcome: 'hung', afterMs: deadlineMs }
    }
    rest(scout)
    if (answer.type === 'seen') return { outcome: 'seen', view: answer.view as Views[Kind] }
    return { outcome: 'failed', errno: answer.errno, message: answer.message }
  } catch (error) {
    giveUp(scout, device, since)
    throw error instanceof ScoutLost ? unavailable(error) : error
  }
}

/** Undefined when time is up. An answer that came while our own event loop was held still counts. */
function within<Value>(promise: Promise<Value>, ms: number): Promise<Value | undefined> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => setImmediate(resolve, undefined), ms)
    promise.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}

function giveUp(scout: Scout, device: string, since: number): void {
  const place = { device, since }
  stuck.add(place)
  void scout.gone.then(() => stuck.delete(place))
  scout.dismiss()
}

function remember(device: string, afterMs: number, signal: AbortSignal): void {
  const hung = hungInRun.get(signal) ?? new Map<string, number>()
  hungInRun.set(signal, hung.set(device, afterMs))
}

/** One that rests, or a new one. */
async function called(signal: AbortSignal): Promise<Scout> {
  for (const [scout, timer] of idle) {
    clearTimeout(timer)
    idle.delete(scout)
    return scout
  }
  const scout = new Scout()
  try {
    if (await abortable(within(scout.ready(), startMs), signal)) return scout
    throw new ScoutLost(`it took more than ${startMs / 1000} s`)
  } catch (error) {
    scout.dismiss()
    throw error instanceof ScoutLost ? unavailable(error) : error
  }
}

function rest(scout: Scout): void {
  const dismiss = () => {
    idle.delete(scout)
    scout.dismiss()
  }
  idle.set(scout, setTimeout(dismiss, idleMs).unref())
  void scout.gone.then(() => {
    clearTimeout(idle.get(scout))
    idle.delete(scout)
  })
}

/** Waits until fewer than the most are out. */
async function enter(signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  if (out < mostScouts) {
    out++
    return
  }
  let turn = () => {}
  const mine = new Promise<void>(resolve => {
    turn = resolve
  })
  waiting.push(turn)
  try {
    await abortable(mine, signal)
  } catch (error) {
    const at = waiting.indexOf(turn)
    if (at >= 0) waiting.splice(at, 1)
    else leave()
    throw error
  }
}

/** Hands the place on. */
function leave(): void {
  const next = waiting.shift()
  if (next) next()
  else out--
}

const tooMany = () =>
  new ToolError('unavailable', `${mostStuck} processes already wait for file systems that do not answer`, {
    remedy: 'bring their servers back, or unmount them: umount -f -l',
  })

const unavailable = ({ message }: ScoutLost) =>
  new ToolError('unavailable', `the process that looks at file systems which may hang has ended: ${message}`, {
    remedy: 'it needs some 10 MB of memory and a free pid: see ditty limits',
  })
