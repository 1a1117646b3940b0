import { type FSWatcher, watch } from 'node:fs'
import type { Clock } from '../../core/context.ts'

/** Between two looks, so that a log that is written without a pause isn't looked at for each line. */
const shortestMs = 5

/** Sleeps until an open file changes, as far as inotify(7) tells, or the time is up. */
export class Waker implements Disposable {
  readonly #clock: Clock
  readonly #watchers = new Map<number, FSWatcher>()
  #early = new AbortController()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Not every file system tells, and watches are counted; then looking now and then has to do. */
  watch(fd: number): void {
    try {
      const watcher = watch(`/proc/self/fd/${fd}`, { persistent: false }, () => this.#early.abort())
      watcher.on('error', () => this.unwatch(fd))
      this.#watchers.set(fd, watcher)
    } catch {
      this.#watchers.delete(fd)
    }
  }

  unwatch(fd: number): void {
    this.#watchers.get(fd)?.close()
    this.#watchers.delete(fd)
  }

  async sleep(ms: number, signals: readonly AbortSignal[]): Promise<void> {
    const end = AbortSignal.any([...signals])
    await this.#clock.sleep(Math.min(shortestMs, ms), end)
    if (ms > shortestMs) await this.#clock.sleep(ms - shortestMs, AbortSignal.any([end, this.#early.signal]))
    this.#early = new AbortController()
  }

  [Symbol.dispose](): void {
    for (const fd of [...this.#watchers.keys()]) this.unwatch(fd)
  }
}
