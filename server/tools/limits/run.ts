import { ToolError } from '../../core/errors.ts'
import { type CgroupPlaces, findCgroup } from '../../linux/cgroup/find-cgroup.ts'
import { CgroupReader, type Reading } from '../../linux/cgroup/read-cgroup.ts'
import { errnoOf, type Linux } from '../../linux/linux.ts'
import { readPartitions } from '../../linux/procfs/partitions.ts'
import type { ToolContext } from '../context.ts'
import { checkStillThere, type Found, findContainer, startTimeOf, uptimeOf } from './find-container.ts'
import { readHost } from './host.ts'
import { Notes, noteHiddenLimits } from './notes.ts'
import type { DeviceEvent, HostEvent, LimitsEvent, LimitsInput, Part, TargetEvent } from './schema.ts'
import { type Round, trustOf } from './trust.ts'

/** As free(1) waits where only a count is given. */
const defaultIntervalSeconds = 1

export async function* runLimits(input: LimitsInput, context: ToolContext): AsyncGenerator<LimitsEvent> {
  const { linux, clock, signal, stop } = context
  const notes = new Notes()
  const container = input.container ? await lookAtContainer(input, context, notes) : undefined
  const { count = input.intervalSeconds === undefined ? 1 : 0, intervalSeconds = defaultIntervalSeconds } = input
  let last: Round | undefined
  let rounds = 0
  while (!stop.aborted && !signal.aborted) {
    const host = readHost(linux, clock.now(), notes)
    last = { host }
    for (const event of container?.look(host, rounds === 0) ?? []) {
      yield event
      if (event.type !== 'device') Object.assign(last, { [event.type]: event })
    }
    yield host
    if (++rounds === count) break
    await clock.sleep(intervalSeconds * 1000, AbortSignal.any([signal, stop]))
  }
  const trust = last && container ? trustOf({ ...last, target: container.target }) : []
  yield { type: 'summary', rounds, trust, notes: notes.all }
}

async function lookAtContainer(input: LimitsInput, context: ToolContext, notes: Notes): Promise<ContainerView> {
  const found = await findContainer(context, input.target, notes)
  const places = placesOf(context.linux, found)
  const [refused] = places.places
  const isHidden = places.places.every(({ directory }) => directory === null)
  if (input.target !== undefined && input.parts.length > 0 && refused && isHidden)
    throw new ToolError('not_permitted', `the cgroup of ${input.target} can't be read: ${refused.denial?.reason}`, {
      remedy: refused.denial?.remedy ?? '',
    })
  noteHiddenLimits(notes, places, input.parts)
  return new ContainerView(context.linux, found, places, input.parts, notes)
}

function placesOf(linux: Linux, found: Found): CgroupPlaces {
  try {
    return findCgroup(linux, found.pid)
  } catch (error) {
    const errno = errnoOf(error)
    if (errno === undefined) throw error
    checkStillThere(linux, found)
    throw new ToolError('not_permitted', `/proc/${found.pid}/cgroup can't be read: ${errno}`, {
      remedy: 'run ditty as UID 0, or mount /proc without hidepid',
    })
  }
}

type ContainerEvent = Exclude<LimitsEvent, { type: 'summary' | 'host' }>

/** One container, looked at as often as wanted. */
class ContainerView {
  target: TargetEvent | undefined
  readonly #linux: Linux
  readonly #found: Found
  readonly #places: CgroupPlaces
  readonly #parts: readonly Part[]
  readonly #notes: Notes
  readonly #reader: CgroupReader

  constructor(linux: Linux, found: Found, places: CgroupPlaces, parts: readonly Part[], notes: Notes) {
    this.#linux = linux
    this.#found = found
    this.#places = places
    this.#parts = parts
    this.#notes = notes
    this.#reader = new CgroupReader(linux, places)
  }

  /** What was read stands for the container only if the process that it was reached by is still the same one. */
  look(host: HostEvent, isFirst: boolean): ContainerEvent[] {
    const events = [...this.#read(host, isFirst)]
    if (isFirst || this.#isReachedByPid) checkStillThere(this.#linux, this.#found)
    return events
  }

  *#read(host: HostEvent, isFirst: boolean): Generator<ContainerEvent> {
    this.target ??= this.#describe(host)
    if (isFirst) yield this.target
    for (const part of this.#parts) {
      if (part === 'io') yield* this.#devices()
      else {
        const value = this.#told(part, this.#reader[part]() as Reading<object>)
        if (value) yield { type: part, ...value } as ContainerEvent
      }
    }
  }

  get #isReachedByPid(): boolean {
    return this.#places.places.some(({ directory }) => directory?.startsWith('/proc/'))
  }

  *#devices(): Generator<DeviceEvent> {
    const devices = this.#told('io', this.#reader.io())
    if (!devices || devices.length === 0) return
    const names = deviceNames(this.#linux)
    for (const device of devices) yield { type: 'device', ...device, name: names.get(device.device) ?? null }
  }

  #told<Value extends object | null>(part: Part, reading: Reading<Value>): Value | undefined {
    if (reading.denial) {
      this.#notes.denied(part, reading.denial)
      return undefined
    }
    this.#notes.gaps(part, reading.gaps)
    return reading.value
  }

  #describe({ bootTime, uptimeSeconds }: HostEvent): TargetEvent {
    const { pid, container } = this.#found
    const { id, name, runtime, podUid, kind } = container
    return {
      type: 'target',
      pid,
      container: { id, name, runtime, podUid, kind },
      startTime: startTimeOf(this.#found, bootTime),
      uptimeSeconds: uptimeOf(this.#found, uptimeSeconds),
      cgroup: {
        layout: this.#places.layout,
        places: this.#places.places.map(({ version, controllers, path, directory }) => ({
          version,
          controllers,
          path,
          directory,
        })),
      },
    }
  }
}

function deviceNames(linux: Linux): Map<string, string> {
  try {
    return readPartitions(linux)
  } catch (error) {
    if (errnoOf(error) === undefined) throw error
    return new Map()
  }
}
