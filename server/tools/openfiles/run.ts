import { TimeSlice } from '../../core/time-slice.ts'
import { ContainerFinder } from '../../linux/containers.ts'
import type { Linux } from '../../linux/linux.ts'
import { openFilesOf } from '../../linux/open-files/descriptors.ts'
import { readServices, type ServiceName } from '../../linux/services.ts'
import { containerLabel, findTarget } from '../../linux/target.ts'
import type { ToolContext } from '../context.ts'
import { listProcesses } from '../processes/list.ts'
import { notesOn } from '../processes/notes.ts'
import { System } from '../processes/system.ts'
import { DistantLooks } from './distant-looks.ts'
import { PathNames } from './named-paths.ts'
import { notesOf } from './notes.ts'
import { ProcessFiles } from './process-files.ts'
import { type FileHolder, readHolder } from './read-holder.ts'
import type { Event, FileEvent, Input } from './schema.ts'
import { Selection } from './selection.ts'
import { checkKill, signalHolders } from './signal-holders.ts'
import { SocketTables } from './socket-tables.ts'
import { Tally } from './tally.ts'
import type { NamedPaths } from './terms.ts'

/** Every visible process, or those of the target, one after another; what passes is told at once. */
export async function* runOpenFiles(input: Input, context: ToolContext): AsyncGenerator<Event> {
  const { linux, clock } = context
  if (input.kill !== undefined) checkKill(input, input.kill)
  const target = input.target === undefined ? undefined : await findTarget(context, input.target)
  const system = new System(linux, clock.now())
  const search = await Search.prepare(input, context, system, target?.pid)
  const { tally, distant, selection, slice } = search
  yield* search.mounted
  for (const pid of target?.pids ?? allPids(linux)) {
    const holder = tally.orTold(pid, () => readHolder(linux, pid, system))
    if (holder && selection.mayTake(holder.owner)) yield* search.filesOf(holder)
    if (slice.due) await slice.turn()
  }
  yield* distant.hung
  if (input.kill !== undefined) yield* signalHolders(input.kill, input.waitMs, tally, context)
  const missing = selection.missing(search.sockets)
  yield tally.summary(missing, [...notesOf(tally, linux), ...(missing.length > 0 ? await notesOnAll(context) : [])])
}

function allPids(linux: Linux): number[] {
  const names = linux.list('/proc').filter(name => name.charCodeAt(0) <= 0x39)
  return names.map(Number).sort((a, b) => a - b)
}

/** What one run needs for each process. */
class Search {
  readonly tally = new Tally()
  readonly slice: TimeSlice
  readonly distant: DistantLooks
  readonly selection: Selection
  readonly mounted: Event[]
  readonly sockets: SocketTables
  readonly #files: ProcessFiles
  readonly #containers: ContainerFinder
  readonly #services: ServiceName | undefined

  private constructor(
    parts: Pick<Search, 'slice' | 'distant' | 'selection' | 'mounted' | 'sockets'>,
    files: ProcessFiles,
    others: Others,
  ) {
    this.slice = parts.slice
    this.distant = parts.distant
    this.selection = parts.selection
    this.mounted = parts.mounted
    this.sockets = parts.sockets
    this.#files = files
    this.#containers = others.containers
    this.#services = others.services
  }

  static async prepare(input: Input, context: ToolContext, system: System, targetPid: number | undefined) {
    const { linux, clock } = context
    const slice = new TimeSlice(context)
    const openFiles = (await linux.openFiles?.().catch(() => undefined)) ?? openFilesOf(linux)
    const distant = new DistantLooks(context)
    const paths = await namedPaths(input, new PathNames(linux, openFiles, distant, targetPid))
    const services = readServices(linux)
    const selection = new Selection(input, paths, { uidOf: user => system.uidOf(user), services })
    const sockets = await SocketTables.open(linux, slice)
    const files = new ProcessFiles(linux, openFiles, sockets, selection.socketsOnly)
    const containers = new ContainerFinder(linux, clock.monotonic())
    return new Search({ slice, distant, selection, mounted: mountedOf(paths), sockets }, files, {
      containers,
      services: input.services ? services : undefined,
    })
  }

  async *filesOf({ owner, program, depth }: FileHolder): AsyncGenerator<FileEvent> {
    const { tally } = this
    let container: string | undefined
    try {
      for (const { files, distant } of this.#files.read(owner)) {
        if (distant.length > 0) await this.distant.settle(distant)
        for (const file of files) {
          if (!this.selection.takes(file)) continue
          container ??= containerLabel(this.#containers.find(program, depth))
          file.container = container
          if (this.#services) addServices(file, this.#services)
          tally.count(file, program.startTicks)
          yield file
        }
        if (this.slice.due) await this.slice.turn()
      }
      tally.examined++
    } catch (error) {
      tally.tell(owner.pid, error)
    }
  }
}

/** What was not found may be with processes that are not visible at all. */
const notesOnAll = async (context: ToolContext) => notesOn(await listProcesses(context), context.linux)

interface Others {
  containers: ContainerFinder
  services: ServiceName | undefined
}

async function namedPaths(
  { paths = [], pathsMean, below = [], directlyBelow = [] }: Input,
  names: PathNames,
): Promise<NamedPaths> {
  const files: NamedPaths['files'] = []
  for (const word of paths) files.push(await names.file(word, pathsMean))
  const directories = [
    ...below.map(word => names.directory(word, true)),
    ...directlyBelow.map(word => names.directory(word, false)),
  ]
  return { files, directories }
}

const mountedOf = ({ files }: NamedPaths): Event[] =>
  files.flatMap(({ word, mount }) => {
    if (!mount) return []
    const { mountPoint, fsType, device } = mount
    return [{ type: 'mounted', asked: word, mountPoint, fsType, device: device.replace(':', ',') }]
  })

function addServices(file: FileEvent, services: ServiceName): void {
  const { protocol = '', localPort = 0, peerPort = 0 } = file
  const [local, peer] = [services(protocol, localPort), services(protocol, peerPort)]
  if (local !== undefined) file.localService = local
  if (peer !== undefined) file.peerService = peer
}
