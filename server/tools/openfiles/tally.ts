import { errnoOf } from '../../linux/linux.ts'
import type { FileEvent, Summary } from './schema.ts'

/** Counts what is listed, and what could not be. */
export class Tally {
  examined = 0
  readonly denied: number[] = []
  #vanished = 0
  #files = 0
  #unknown = 0
  /** Processes that hold what is listed, each with its start: a pid may be given to another meanwhile. */
  readonly holders = new Map<number, number>()
  signalled: Summary['signalled'] = null
  readonly #deleted = new Map<string, number>()

  count(file: FileEvent, startTicks: number): void {
    this.#files++
    this.holders.set(file.pid, startTicks)
    if (file.why !== undefined) this.#unknown++
    if (file.deleted) this.#addDeleted(file)
  }

  /** A mapping doesn't tell how much it holds; a descriptor of the same file may. */
  #addDeleted({ device, inode, allocatedBytes = 0 }: FileEvent): void {
    const key = `${device} ${inode}`
    this.#deleted.set(key, Math.max(this.#deleted.get(key) ?? 0, allocatedBytes))
  }

  /** A process that ended, or that may not be looked into. Throws what is neither. */
  tell(pid: number, error: unknown): void {
    const errno = errnoOf(error)
    if (errno === 'ENOENT' || errno === 'ESRCH') this.#vanished++
    else if (errno === 'EACCES' || errno === 'EPERM') this.denied.push(pid)
    else throw error
  }

  orTold<Value>(pid: number, read: () => Value): Value | undefined {
    try {
      return read()
    } catch (error) {
      this.tell(pid, error)
      return undefined
    }
  }

  summary(missing: Summary['missing'], notes: Summary['notes']): Summary {
    return {
      type: 'summary',
      files: this.#files,
      processes: this.holders.size,
      examined: this.examined,
      denied: this.denied.length,
      vanished: this.#vanished,
      deletedFiles: this.#deleted.size,
      deletedBytes: [...this.#deleted.values()].reduce((sum, bytes) => sum + bytes, 0),
      unknown: this.#unknown,
      missing,
      signalled: this.signalled,
      notes,
    }
  }
}
