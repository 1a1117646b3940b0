import { errnoOf, type Linux } from '../../../linux/linux.ts'
import { type Denial, explainPtraceDenial } from '../../../linux/ptrace-access.ts'

/** Reads one part of a process after the other; what is refused is null and stands in `denied` with its reason. */
export class Parts {
  readonly denied: Record<string, Denial> = {}
  readonly #linux: Linux
  readonly #pid: number

  constructor(linux: Linux, pid: number) {
    this.#linux = linux
    this.#pid = pid
  }

  /** Throws the kernel's error when the process has vanished. */
  read<Value>(name: string, read: () => Value, explain = this.#explain): Value | null {
    try {
      return read()
    } catch (error) {
      this.denied[name] = explain(error)
      return null
    }
  }

  async readLater<Value>(name: string, read: () => Promise<Value>): Promise<Value | null> {
    try {
      return await read()
    } catch (error) {
      this.denied[name] = this.#explain(error)
      return null
    }
  }

  /** A kernel thread and a zombie have no exe, cwd and root: ENOENT, or ESRCH, while the process itself is there. */
  readonly #explain = (error: unknown): Denial => {
    switch (errnoOf(error)) {
      case 'EACCES':
      case 'EPERM':
        return explainPtraceDenial(this.#linux, this.#pid)
      case 'ENOENT':
      case 'ESRCH':
      case 'EINVAL':
        this.#linux.peek(`/proc/${this.#pid}/stat`)
        return {
          reason: `process ${this.#pid} has none: it is a kernel thread or a zombie, or the kernel lacks it`,
          remedy: 'none is needed',
        }
      default:
        throw error
    }
  }
}
