import { errnoOf, type Linux } from '../../linux/linux.ts'
import { readPidMountinfo } from '../../linux/procfs/pid-mountinfo.ts'
import type { FileRoot } from '../../linux/root/root.ts'
import type { FileStatus } from '../../linux/root/status.ts'

/** What numbers mean in the root that is looked at: users, groups, mounts. */
export class Naming {
  readonly users: ReadonlyMap<number, string>
  readonly groups: ReadonlyMap<number, string>
  readonly #linux: Linux
  readonly #pid: number | 'self'
  #fsTypes: FsTypes | undefined

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
    this.#fsTypes ??= readFsTypes(this.#linux, this.#pid)
    const byMount = mountId === undefined ? undefined : this.#fsTypes.byMount.get(mountId)
    return byMount ?? this.#fsTypes.byDevice.get(`${major}:${minor}`) ?? null
  }
}

interface FsTypes {
  byMount: Map<number, string>
  byDevice: Map<string, string>
}

function readFsTypes(linux: Linux, pid: number | 'self'): FsTypes {
  try {
    const mounts = readPidMountinfo(linux, pid)
    return {
      byMount: new Map(mounts.map(({ id, fsType }) => [id, fsType])),
      byDevice: new Map(mounts.map(({ device, fsType }) => [device, fsType])),
    }
  } catch (error) {
    if (errnoOf(error) === undefined) throw error
    return { byMount: new Map(), byDevice: new Map() }
  }
}
