import { ContainerFinder } from '../../linux/containers.ts'
import type { Linux } from '../../linux/linux.ts'
import { readPageSize } from '../../linux/page-size.ts'
import { System } from '../processes/system.ts'

/** Containers come and go, and are told apart anew after so many milliseconds. */
const finderMs = 10_000

/** What is the same for all processes: users, memory, page size, the containers there are. */
export class Node {
  readonly linux: Linux
  readonly pageBytes: number
  system: System
  #finder: ContainerFinder
  #finderSinceMs: number

  constructor(linux: Linux, nowMs: number, wallMs: number) {
    this.linux = linux
    this.pageBytes = readPageSize(linux)
    this.system = new System(linux, wallMs)
    this.#finder = new ContainerFinder(linux, nowMs)
    this.#finderSinceMs = nowMs
  }

  containersAt(nowMs: number): ContainerFinder {
    if (nowMs - this.#finderSinceMs > finderMs) {
      this.#finder = new ContainerFinder(this.linux, nowMs)
      this.#finderSinceMs = nowMs
    }
    return this.#finder
  }

  renew(wallMs: number): void {
    this.system = new System(this.linux, wallMs)
  }
}
