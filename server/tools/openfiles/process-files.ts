import type { Linux } from '../../linux/linux.ts'
import type { OpenFiles } from '../../linux/open-files/descriptors.ts'
import type { FileStat } from '../../linux/open-files/file-stat.ts'
import { mountsOver, type Place, Places, withinRoot } from '../../linux/open-files/places.ts'
import type { FdInfo } from '../../linux/procfs/pid-fdinfo.ts'
import { type MappedFile, parseMappedFileKey, readMappedFileKeys } from '../../linux/procfs/pid-maps.ts'
import { mayHang } from '../../linux/scout/may-hang.ts'
import { descriptorFile, isInternal } from './describe-descriptor.ts'
import { addStat, certain, type Distant, namedFile, type Owner, type UncertainMount } from './found-file.ts'
import type { FileEvent } from './schema.ts'
import type { SocketTables } from './socket-tables.ts'

/** Of one batch: all its files, and those of them that are to be looked at from a distance. */
export interface Batch {
  files: FileEvent[]
  distant: Distant[]
}

type ByPath = { stat: FileStat | undefined } | { mount: UncertainMount }

/** Reads the open files of one process after another, and remembers what they share. */
export class ProcessFiles {
  readonly #linux: Linux
  readonly #openFiles: OpenFiles
  readonly #sockets: SocketTables
  readonly #socketsOnly: boolean
  readonly #places: Places
  /** By place and path. */
  readonly #byPath = new Map<string, ByPath>()
  /** By place and key: a file mapped by every process is looked at once. */
  readonly #mapped = new Map<string, { mapped: MappedFile; known: Partial<FileEvent> | undefined }>()

  constructor(linux: Linux, openFiles: OpenFiles, sockets: SocketTables, socketsOnly: boolean) {
    this.#linux = linux
    this.#openFiles = openFiles
    this.#sockets = sockets
    this.#socketsOnly = socketsOnly
    this.#places = new Places(linux)
  }

  /** In lsof's order. Throws the kernel's error where the process may not be looked into, or is gone. */
  *read(owner: Owner): Generator<Batch> {
    const place = this.#places.of(owner.pid)
    if (!this.#socketsOnly) yield this.#withoutDescriptor(owner, place)
    const wish = {
      socketsOnly: this.#socketsOnly,
      mayStat: (link: string, info: FdInfo) => isInternal(link) || this.#isOwnMount(info.mountId),
    }
    for (const descriptors of this.#openFiles.descriptors(owner.pid, wish)) {
      const batch: Batch = { files: [], distant: [] }
      for (const descriptor of descriptors) {
        const file = descriptorFile(owner, descriptor, this.#sockets, this.#openFiles)
        batch.files.push(file)
        const { info, link, fd, stat } = descriptor
        if (!info || stat || isInternal(link)) continue
        const mount = this.#places.mount(info.mountId)
        const uncertain = mount ? certain(mount) : { key: `mount ${info.mountId}`, mount }
        batch.distant.push({ file, path: `/proc/${owner.pid}/fd/${fd}`, mount: uncertain })
      }
      yield batch
    }
  }

  #isOwnMount(id: number): boolean {
    const mount = this.#places.mount(id)
    return mount !== undefined && !mayHang(mount.fsType)
  }

  /** Its directory, root, executable and mapped files. */
  #withoutDescriptor(owner: Owner, place: Place): Batch {
    const batch: Batch = { files: [], distant: [] }
    const link = (name: string) => this.#linux.readlink(`/proc/${owner.pid}/${name}`)
    const executable = link('exe')
    this.#addByPath(batch, namedFile(owner, 'cwd', null, link('cwd')), place, 'cwd')
    this.#addByPath(batch, namedFile(owner, 'rtd', null, place.root), place, 'root')
    this.#addByPath(batch, namedFile(owner, 'txt', null, executable), place, 'exe')
    const own = ` ${Buffer.from(executable).toString('latin1')}`
    for (const key of readMappedFileKeys(this.#linux, owner.pid)) {
      if (!key.endsWith(own)) this.#addMapped(batch, owner, place, key)
    }
    return batch
  }

  /**
   * Through the name, not the link: a mount that was detached lazily shows in no table, and its links lead there still. What has
   * no name any more is looked at through the link, from a distance.
   */
  #addByPath(batch: Batch, file: FileEvent, place: Place, link: string): void {
    batch.files.push(file)
    const seen = file.deleted ? unknownMount(file.path!) : this.#lookByPath(place, file.path!, file.pid)
    if ('mount' in seen) batch.distant.push({ file, path: `/proc/${file.pid}/${link}`, mount: seen.mount })
    else if (seen.stat) addStat(file, seen.stat)
    else file.why = 'its name leads nowhere: the mount it lies on was detached, or covered by another'
  }

  #lookByPath(place: Place, path: string, pid: number): ByPath {
    const key = `${place.key} ${path}`
    let seen = this.#byPath.get(key)
    if (!seen) {
      seen = this.#lookAnew(place, path, pid)
      this.#byPath.set(key, seen)
    }
    return seen
  }

  #lookAnew(place: Place, path: string, pid: number): ByPath {
    const inner = withinRoot(place, path)
    const over = inner === undefined ? [] : mountsOver(place.mounts, inner)
    const foreign = over.findLast(({ fsType }) => mayHang(fsType))
    if (foreign) return { mount: certain(foreign) }
    if (inner === undefined || over.length === 0) return unknownMount(path)
    return { stat: this.#openFiles.stat(`/proc/${pid}/root${inner}`) }
  }

  #addMapped(batch: Batch, owner: Owner, place: Place, key: string): void {
    const placeKey = `${place.key} ${key}`
    let entry = this.#mapped.get(placeKey)
    if (!entry) {
      const mapped = parseMappedFileKey(key)
      entry = { mapped, known: this.#knownOfMapped(mapped, place, owner.pid) }
      this.#mapped.set(placeKey, entry)
    }
    const { mapped, known } = entry
    const file = namedFile(owner, 'mem', null, mapped.name)
    file.device = mapped.device
    file.inode = mapped.inode
    file.kind = 'REG'
    batch.files.push(file)
    if (known) Object.assign(file, known)
    else {
      const seen = this.#lookByPath(place, mapped.name, owner.pid)
      const path = `/proc/${owner.pid}/root${withinRoot(place, mapped.name) ?? mapped.name}`
      if ('mount' in seen) batch.distant.push({ file, path, mount: seen.mount })
    }
  }

  /** Undefined where it has to be looked at from a distance. The kernel's inode decides whether the name still leads to the file. */
  #knownOfMapped(mapped: MappedFile, place: Place, pid: number): Partial<FileEvent> | undefined {
    if (!mapped.name.startsWith('/')) return { path: null, name: mapped.name }
    if (mapped.deleted) return { deleted: !/^\/(memfd:|SYSV|dev\/zero$|\[aio\])/.test(mapped.name), links: 0 }
    const seen = this.#lookByPath(place, mapped.name, pid)
    if ('mount' in seen) return undefined
    const file = namedFile({ pid, ppid: 0, pgid: 0, comm: '', uid: 0, user: '' }, 'mem', null, mapped.name)
    if (seen.stat?.inode !== mapped.inode) return { why: 'its name leads to another file by now, or nowhere' }
    addStat(file, seen.stat)
    const { kind, device, sizeBytes, inode, links, rdev } = file
    return { kind, device, sizeBytes, inode, links, ...(rdev === undefined ? {} : { rdev }) }
  }
}

const unknownMount = (path: string) => ({ mount: { key: `path ${path}`, mount: undefined } })
