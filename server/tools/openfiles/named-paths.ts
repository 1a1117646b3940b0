import { errnoOf, type Linux } from '../../linux/linux.ts'
import { mountinfoOf } from '../../linux/mounts/mountinfo-of.ts'
import type { OpenFiles } from '../../linux/open-files/descriptors.ts'
import { type FileStat, kindOfMode } from '../../linux/open-files/file-stat.ts'
import { followPath } from '../../linux/open-files/follow-path.ts'
import { contains, orUnknown } from '../../linux/open-files/places.ts'
import { type Mount, parsePidMountinfo } from '../../linux/procfs/pid-mountinfo.ts'
import type { DistantLooks } from './distant-looks.ts'
import { certain } from './found-file.ts'
import type { FileEvent, Input } from './schema.ts'

/** What of a path that was named tells its open files from others. */
export interface NamedPath {
  /** As it was given. */
  word: string
  matches(file: FileEvent): boolean
  /** Why it can match nothing. */
  missing?: string
  /** What is mounted there, or what it stands for. */
  mount?: Mount | undefined
}

/** Looks at named paths from where ditty stands, or from the root of the target. */
export class PathNames {
  readonly #linux: Linux
  readonly #openFiles: OpenFiles
  readonly #distant: DistantLooks
  readonly #mounts: Mount[]
  readonly #root: string

  constructor(linux: Linux, openFiles: OpenFiles, distant: DistantLooks, targetPid: number | undefined) {
    this.#linux = linux
    this.#openFiles = openFiles
    this.#distant = distant
    this.#mounts = orUnknown(() => parsePidMountinfo(mountinfoOf(linux, targetPid ?? 'self').toString('utf8'))) ?? []
    this.#root = targetPid === undefined ? '' : `/proc/${targetPid}/root`
  }

  /** A file by device and inode, a file system by its device; by its name where nothing else can be known. */
  async file(word: string, mean: Input['pathsMean']): Promise<NamedPath> {
    const followed = this.#follow(word)
    if (typeof followed === 'string') return { word, matches: () => false, missing: followed }
    const { path, stoppedAt } = followed
    const stat = await this.#stat(path, stoppedAt)
    if (typeof stat === 'string') {
      const under = mean === 'filesystem' && stoppedAt ? stoppedAt.mountPoint : undefined
      return { word, matches: file => file.path === path || (under !== undefined && isBelow(file, under)) }
    }
    if (!stat) return { word, matches: file => isSocketNamed(file, path), missing: 'No such file or directory' }
    const device = kindOfMode(stat.mode) === 'BLK' ? stat.rdev : stat.device
    const isMount = this.#isMountPoint(path, stat)
    const mount = isMount || mean === 'filesystem' ? this.#mountOf(device) : undefined
    const isWhole = mean === 'filesystem' || (mean === 'auto' && isMount)
    return { word, matches: isWhole ? onDevice(device) : isThatFile(path, stat), mount }
  }

  /** By names, which no look at the directory is needed for. */
  directory(word: string, deep: boolean): NamedPath {
    const followed = this.#follow(word)
    if (typeof followed === 'string') return { word, matches: () => false, missing: followed }
    const { path } = followed
    const matches = (file: FileEvent) =>
      isBelow(file, path) && (deep || !file.path!.slice(path === '/' ? 1 : path.length + 1).includes('/'))
    return { word, matches }
  }

  #follow(word: string) {
    const path = word.startsWith('/') || this.#root !== '' ? word : `${this.#linux.readlink('/proc/self/cwd')}/${word}`
    try {
      return followPath(this.#linux, this.#mounts, path, this.#root)
    } catch (error) {
      if (errnoOf(error) === undefined) throw error
      return (error as Error).message
    }
  }

  /** A sentence where it could not be looked at. */
  async #stat(path: string, mount: Mount | undefined): Promise<FileStat | string | undefined> {
    if (!mount) return this.#openFiles.stat(this.#root + path)
    const seen = await this.#distant.look(this.#root + path, certain(mount))
    return 'why' in seen ? seen.why : seen
  }

  #mountOf(device: string): Mount | undefined {
    return this.#mounts.find(mount => mount.device === device.replace(',', ':'))
  }

  #isMountPoint(path: string, stat: FileStat): boolean {
    if (kindOfMode(stat.mode) === 'BLK') return this.#mountOf(stat.rdev) !== undefined
    return kindOfMode(stat.mode) === 'DIR' && this.#mounts.some(({ mountPoint }) => mountPoint === path)
  }
}

const isBelow = ({ path }: FileEvent, directory: string) => path !== null && contains(directory, path)

const onDevice = (device: string) => (file: FileEvent) => file.path !== null && file.device === device

/** A socket's file is another inode than the socket: its name tells, in the words of whoever bound it. */
const isSocketNamed = ({ kind, localAddress }: FileEvent, path: string) => kind === 'unix' && localAddress === path

function isThatFile(path: string, stat: FileStat) {
  const kind = kindOfMode(stat.mode)
  if (kind === 'sock') return (file: FileEvent) => isSocketNamed(file, path)
  if (kind === 'CHR' || kind === 'BLK') return (file: FileEvent) => file.kind === kind && file.rdev === stat.rdev
  return (file: FileEvent) => file.inode === stat.inode && file.device === stat.device
}
