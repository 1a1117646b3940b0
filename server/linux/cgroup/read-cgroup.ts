import type { Linux } from '../linux.ts'
import type { Denial } from '../ptrace-access.ts'
import type { Gap } from './cgroup-files.ts'
import { type CgroupPlace, type CgroupPlaces, placeOf } from './find-cgroup.ts'
import { CgroupLevels } from './levels.ts'
import { readPids } from './pids.ts'
import type { CgroupCpu, CgroupCpuset, CgroupDevice, CgroupMemory, CgroupPids, CgroupPressure } from './resources.ts'
import { readBlkioV1 } from './v1/blkio.ts'
import { readCpuV1 } from './v1/cpu.ts'
import { readCpusetV1 } from './v1/cpuset.ts'
import { readMemoryV1 } from './v1/memory.ts'
import { readCpuV2 } from './v2/cpu.ts'
import { readCpusetV2 } from './v2/cpuset.ts'
import { readIoV2 } from './v2/io.ts'
import { readMemoryV2 } from './v2/memory.ts'
import { readPressureV2 } from './v2/pressure.ts'

/** A resource of a cgroup, and the files that didn't tell what they should; or why there is none of it. */
export type Reading<Value> = { value: Value; gaps: Gap[]; denial?: never } | { value?: never; denial: Denial }

/** Reads one resource after the other, so that whoever wants one pays for no other. */
export class CgroupReader {
  readonly #linux: Linux
  readonly #places: CgroupPlaces

  constructor(linux: Linux, places: CgroupPlaces) {
    this.#linux = linux
    this.#places = places
  }

  memory(): Reading<CgroupMemory> {
    return this.#read('memory', levels => (levels.version === 2 ? readMemoryV2(levels) : readMemoryV1(levels)))
  }

  cpu(): Reading<CgroupCpu> {
    const place = placeOf(this.#places, 'cpuacct')
    const accounts = place?.version === 1 && isReachable(place) ? new CgroupLevels(this.#linux, place) : undefined
    const reading = this.#read('cpu', levels =>
      levels.version === 2 ? readCpuV2(levels) : readCpuV1(levels, accounts?.files),
    )
    return reading.denial ? reading : { ...reading, gaps: [...reading.gaps, ...(accounts?.gaps ?? [])] }
  }

  cpuset(): Reading<CgroupCpuset> {
    return this.#read('cpuset', ({ version, files }) => (version === 2 ? readCpusetV2(files) : readCpusetV1(files)))
  }

  pids(): Reading<CgroupPids> {
    return this.#read('pids', readPids)
  }

  /** Null is a list that can't be read. */
  io(): Reading<CgroupDevice[] | null> {
    const controller = placeOf(this.#places, 'blkio')?.version === 1 ? 'blkio' : 'io'
    return this.#read(controller, ({ version, files }) => (version === 2 ? readIoV2(files) : readBlkioV1(files)))
  }

  pressure(): Reading<CgroupPressure> {
    return this.#readAt(
      this.#places.places.find(({ version }) => version === 2),
      ({ files }) => readPressureV2(files),
      onlyV1,
    )
  }

  #read<Value>(controller: string, read: (levels: CgroupLevels) => Value): Reading<Value> {
    return this.#readAt(placeOf(this.#places, controller), read, noCgroup)
  }

  #readAt<Value>(
    place: CgroupPlace | undefined,
    read: (levels: CgroupLevels) => Value,
    absent: Denial,
  ): Reading<Value> {
    if (!place) return { denial: absent }
    if (!isReachable(place)) return { denial: place.denial ?? absent }
    const levels = new CgroupLevels(this.#linux, place)
    return { value: read(levels), gaps: levels.gaps }
  }
}

const isReachable = (place: CgroupPlace): place is CgroupPlace & { directory: string } => place.directory !== null

const noCgroup: Denial = {
  reason: 'the process is in no cgroup that has this controller',
  remedy: 'a kernel with the controller, which the boot options cgroup_disable= and cgroup_no_v1= may have turned off',
}

const onlyV1: Denial = {
  reason: 'cgroup v1 keeps no pressure',
  remedy: 'a node with cgroup v2',
}
