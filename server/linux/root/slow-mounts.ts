import { ToolError } from '../../core/errors.ts'
import { shownName } from '../../core/shown-name.ts'
import { errnoOf, type Linux } from '../linux.ts'
import { mountinfoOf } from '../mounts/mountinfo-of.ts'
import { type Mount, parsePidMountinfo } from '../procfs/pid-mountinfo.ts'
import { mayHang } from '../scout/may-hang.ts'
import type { Calls } from './calls.ts'
import { lastStep } from './last-step.ts'
import { threadedCalls } from './threaded-calls.ts'
import { type Step, walk } from './walk.ts'

/** How long a file system may take until it is told of as one that doesn't answer, in ms. */
const deadlineMs = 2_000
/** A file system that answered is not asked again for so long, in ms. */
const trustMs = 1_000

interface SlowMount {
  mount: Mount
  calls: Calls
  /** By performance.now(). */
  trustedUntil: number
}

/** Where a mount hangs: a name in a directory, both numbers of its device and its inode. */
type Spot = `${number}:${bigint}`

export interface Territory {
  linux: Linux
  pid: number | 'self'
  /** Ends with whoever asks; what hung is remembered as long. */
  signal: AbortSignal
}

/**
 * The mounts of a root that may keep one waiting for ever (NFS, FUSE, …). Whoever steps into one is told first whether it answers,
 * by a process that can be left behind; what follows is asked in threads, and not waited for without end.
 */
export class SlowMounts {
  readonly #territory: Territory
  readonly #spots = new Map<string, Map<Spot, SlowMount>>()
  #atRoot: SlowMount | undefined

  /** undefined where there are none, as nearly everywhere. */
  static async of(territory: Territory, root: Step): Promise<SlowMounts | undefined> {
    const mounts = slowMountsOf(territory)
    if (mounts.length === 0) return undefined
    const known = new SlowMounts(territory)
    for (const mount of mounts) await known.#add(mount, root)
    return known
  }

  private constructor(territory: Territory) {
    this.#territory = territory
  }

  /** How the root is to be asked, where it is itself such a mount. Throws ToolError `unavailable`. */
  async root(): Promise<Calls | undefined> {
    return this.#atRoot && (await this.#trusted(this.#atRoot))
  }

  /** How what stands under a name is to be asked, where it is such a mount. Throws ToolError `unavailable` when it doesn't answer. */
  async cross({ descriptor, calls }: Step, name: Buffer): Promise<Calls | undefined> {
    const spots = this.#spots.get(name.toString('latin1'))
    if (!spots) return undefined
    const { deviceNumber, inode } = await calls.status(descriptor)
    const slow = spots.get(`${deviceNumber}:${inode}`)
    return slow && (await this.#trusted(slow))
  }

  async #add(mount: Mount, root: Step): Promise<void> {
    const slow: SlowMount = { mount, calls: threadedCalls(), trustedUntil: 0 }
    slow.calls = threadedCalls((work, late) => this.#patience(slow, work, late))
    if (mount.mountPoint === '/') this.#atRoot = slow
    else await this.#mark(slow, root).catch(() => undefined)
  }

  /** One whose place can't be reached is no danger either. */
  async #mark(slow: SlowMount, root: Step): Promise<void> {
    const { above, name } = lastStep(bytesOf(slow.mount))
    const cross = this.cross.bind(this)
    const { descriptor, calls } = await walk({ start: root, root, cross }, above)
    try {
      const { deviceNumber, inode } = await calls.status(descriptor)
      const key = name.toString('latin1')
      const spots = this.#spots.get(key) ?? new Map<Spot, SlowMount>()
      this.#spots.set(key, spots.set(`${deviceNumber}:${inode}`, slow))
    } finally {
      calls.close(descriptor)
    }
  }

  async #trusted(slow: SlowMount): Promise<Calls> {
    if (performance.now() >= slow.trustedUntil) await this.#ask(slow)
    return slow.calls
  }

  /** What a scout is refused doesn't hang either. */
  async #ask(slow: SlowMount): Promise<void> {
    const { linux, pid, signal } = this.#territory
    const path = Buffer.concat([Buffer.from(pid === 'self' ? '' : `/proc/${pid}/root`), bytesOf(slow.mount)])
    const options = { device: slow.mount.device, deadlineMs, signal }
    const sight = await linux.lookAt?.({ kind: 'stat', path }, options)
    if (sight?.outcome === 'hung') throw silent(slow.mount, sight.afterMs)
    slow.trustedUntil = performance.now() + trustMs
  }

  async #patience<Value>(
    slow: SlowMount,
    work: Promise<Value>,
    late: (value: Value) => void = () => {},
  ): Promise<Value> {
    const timeUp = Promise.withResolvers<never>()
    let isLate = false
    const timer = setTimeout(() => {
      isLate = true
      slow.trustedUntil = 0
      timeUp.reject(silent(slow.mount, deadlineMs))
    }, deadlineMs)
    work.then(value => isLate && late(value)).catch(() => undefined)
    return await Promise.race([work, timeUp.promise]).finally(() => clearTimeout(timer))
  }
}

/** Names of any bytes: parsed as one character a byte. */
function slowMountsOf({ linux, pid }: Territory): Mount[] {
  try {
    return parsePidMountinfo(mountinfoOf(linux, pid).toString('latin1')).filter(({ fsType }) => mayHang(fsType))
  } catch (error) {
    if (errnoOf(error) === undefined) throw error
    return []
  }
}

const bytesOf = ({ mountPoint }: Mount) => Buffer.from(mountPoint, 'latin1')

const silent = (mount: Mount, afterMs: number) =>
  new ToolError(
    'unavailable',
    `${shownName(bytesOf(mount))}: the ${mount.fsType} mounted there does not answer (${afterMs} ms)`,
    {
      remedy: `bring back what serves it, or unmount it (umount -l); ditty mounts tells more`,
    },
  )
