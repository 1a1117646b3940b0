import { ToolError } from '../../core/errors.ts'
import type { FileStat } from '../../linux/open-files/file-stat.ts'
import type { FileStatus } from '../../linux/scout/look.ts'
import type { ToolContext } from '../context.ts'
import { addStat, type Distant, type UncertainMount } from './found-file.ts'
import type { Event } from './schema.ts'

/** Long for a file server, short for a person. */
const deadlineMs = 2000

type Hung = Extract<Event, { type: 'hung' }>

/** Looks at files on mounts that may never answer, by a process that may be left behind. */
export class DistantLooks {
  readonly #context: ToolContext
  readonly #hung = new Map<string, Hung>()

  constructor(context: ToolContext) {
    this.#context = context
  }

  /** What did not answer in time. */
  get hung(): Hung[] {
    return [...this.#hung.values()]
  }

  async settle(distant: readonly Distant[]): Promise<void> {
    for (const { file, path, mount } of distant) {
      file.device ??= mount.mount?.device.replace(':', ',') ?? null
      const seen = await this.look(path, mount)
      if ('why' in seen) file.why = seen.why
      else addStat(file, seen)
    }
  }

  async look(path: string, { key, mount }: UncertainMount): Promise<FileStat | { why: string }> {
    const { linux, signal } = this.#context
    if (!linux.lookAt) return { why: 'not looked at: these files are not of the running kernel' }
    try {
      const sight = await linux.lookAt({ kind: 'stat', path }, { device: key, deadlineMs, signal })
      if (sight.outcome === 'seen') return statOf(sight.view)
      if (sight.outcome === 'failed') return { why: sight.errno }
      const { afterMs } = sight
      const { mountPoint = null, fsType = null } = mount ?? {}
      this.#hung.set(key, { type: 'hung', mountPoint, fsType, afterMs })
      return { why: `hung: ${fsType ?? 'its file system'} did not answer within ${afterMs} ms` }
    } catch (error) {
      if (!(error instanceof ToolError) || error.code !== 'unavailable') throw error
      return { why: `not looked at: ${error.message}` }
    }
  }
}

const statOf = ({ mode, nlink, ino, size, blocks, dev, rdev }: FileStatus): FileStat => ({
  mode: Number(mode),
  links: Number(nlink),
  inode: Number(ino),
  sizeBytes: Number(size),
  allocatedBytes: Number(blocks) * 512,
  device: deviceText(dev),
  rdev: deviceText(rdev),
})

/** gnu_dev_major() and gnu_dev_minor(), makedev(3). */
const deviceText = (device: bigint) =>
  `${((device >> 8n) & 0xfffn) | ((device >> 32n) & 0xfffff000n)},${(device & 0xffn) | ((device >> 12n) & 0xffffff00n)}`
