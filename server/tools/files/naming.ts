import { errnoOf, type Linux } from '../../linux/linux.ts'
import { type Mount, readPidMountinfo } from '../../linux/procfs/pid-mountinfo.ts'
import type { FileRoot } from '../../linux/root/root.ts'
import type { FileStatus } from '../../linux/root/status.ts'

/** What numbers mean in the root that is looked at: users, groups, mounts. */
export class Naming {
  readonly users: ReadonlyMap<number, string>
  readonly groups: ReadonlyMap<number, string>
  readonly #linux: Linux
  readonly #pid: number | 'self'
  #mounts: Mounts | undefined

  static async of(linux: Linux, root: FileRoot): Promise<Naming> {
    const { users, groups } = await root.names()
    return new Naming(linux, root.pid ?? 'self', users, groups)
  }

  private constructor(
    linux: Linux,
    pid: number | 'self',
    users: ReadonlyMap<number, string>,
    groups: ReadonlyMap<number, string>,
  ) {
    this.#linux = linux
    this.#pid = pid
    this.users = users
    this.groups = groups
  }

  /** By the mount where the kernel tells it, else by the device; null where mountinfo has neither. */
  fsTypeOf({ mountId, device: { major, minor } }: FileStatus): string | null {
    return this.#mountOf(mountId, `${major}:${minor}`)?.fsType ?? null
  }

  /** Where the mount begins that it stands on; null where the kernel doesn't tell which one that is. */
  mountPointOf({ mountId }: FileStatus): string | null {
    return this.#mountOf(mountId)?.mountPoint ?? null
  }

  #mountOf(id: number | undefined, device?: string): Mount | undefined {
    this.#mounts ??= readMounts(this.#linux, this.#pid)
    const byId = id === undefined ? undefined : this.#mounts.byId.get(id)
    return byId ?? (device === undefined ? undefined : this.#mounts.byDevice.get(device))
  }
}

interface Mounts {
  byId: Map<number, Mount>
  byDevice: Map<string, Mount>
}

function readMounts(linux: Linux, pid: number | 'self'): Mounts {
  try {
    const mounts = readPidMountinfo(linux, pid)
    return {
      byId: new Map(mounts.map(mount => [mount.id, mount])),
      byDevice: new Map(mounts.map(mount => [mount.device, mount])),
    }
  } catch (error) {
    if (errnoOf(error) === undefined) throw error
    return { byId: new Map(), byDevice: new Map() }
  }
}
