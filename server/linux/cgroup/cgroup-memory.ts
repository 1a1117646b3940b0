import type { Linux } from '../linux.ts'
import { parsePidCgroup } from '../procfs/pid-cgroup.ts'
import { type CgroupContainer, containersOf } from './container-of.ts'

/** A process that is still the same program: runtimes move a process into its cgroup before it execs, which changes the comm. */
export interface Program {
  pid: number
  startTicks: number
  comm: string
}

interface Entry {
  startTicks: number
  comm: string
  container: CgroupContainer | undefined
  readAtMs: number
}

/** Milliseconds that a process's cgroup is taken to stay the same; reading it is a sixth of a listing, which pages repeat each second or two. */
const rememberMs = 5000
/** Processes remembered: some 400 KiB. With more, every listing reads them anew. */
const maxEntries = 4096
/** Different texts of /proc/PID/cgroup remembered, of 100 bytes to 2 KiB each. */
const maxTexts = 512

/** Which container's cgroup each process is in, remembered for a moment. Throws the kernel's error for one that can't be read. */
export class CgroupMemory {
  readonly #linux: Linux
  readonly #entries = new Map<number, Entry>()
  readonly #texts = new Map<string, CgroupContainer | undefined>()

  constructor(linux: Linux) {
    this.#linux = linux
  }

  containerOf({ pid, startTicks, comm }: Program, nowMs: number): CgroupContainer | undefined {
    const known = this.#entries.get(pid)
    if (known && known.startTicks === startTicks && known.comm === comm && nowMs - known.readAtMs < rememberMs)
      return known.container
    const container = this.#read(pid)
    if (this.#entries.size >= maxEntries) this.#entries.clear()
    this.#entries.set(pid, { startTicks, comm, container, readAtMs: nowMs })
    return container
  }

  #read(pid: number): CgroupContainer | undefined {
    const text = this.#linux.peek(`/proc/${pid}/cgroup`).toString('latin1')
    if (!this.#texts.has(text)) {
      if (this.#texts.size >= maxTexts) this.#texts.clear()
      this.#texts.set(text, innermostContainer(text))
    }
    return this.#texts.get(text)
  }
}

/**
 * v1 has a line for each controller, and a runtime may have set only some of them: inside of another container the rest name that
 * one, so the most nested counts.
 */
function innermostContainer(text: string): CgroupContainer | undefined {
  const paths = parsePidCgroup(text).map(({ path }) => containersOf(path))
  return paths.reduce((deepest, path) => (path.length > deepest.length ? path : deepest), []).at(-1)
}

const memories = new WeakMap<Linux, CgroupMemory>()

/** One memory for each tree, so that a listing profits from the one before. */
export function cgroupMemory(linux: Linux): CgroupMemory {
  const memory = memories.get(linux) ?? new CgroupMemory(linux)
  memories.set(linux, memory)
  return memory
}
