import type { Linux } from '../../linux/linux.ts'
import { readPasswd } from '../../linux/passwd.ts'
import { readMemTotalKib } from '../../linux/procfs/meminfo.ts'
import { ticksPerSecond } from '../../linux/procfs/pid-stat.ts'
import { readBootTimeSeconds } from '../../linux/procfs/stat.ts'
import { readPidMax } from '../../linux/procfs/sys-kernel-pid-max.ts'
import { readUptimeSeconds } from '../../linux/procfs/uptime.ts'
import type { ListedSystem } from './schema.ts'

/** What is the same for all processes of one listing. */
export class System {
  readonly uptimeSeconds: number
  readonly memTotalKib: number
  readonly pidMax: number
  readonly #bootTimeMs: number
  readonly #users: Map<number, string>

  constructor(linux: Linux, nowMs: number) {
    this.uptimeSeconds = readUptimeSeconds(linux)
    this.memTotalKib = readMemTotalKib(linux)
    this.pidMax = readPidMax(linux)
    this.#bootTimeMs = (readBootTimeSeconds(linux) ?? Math.round(nowMs / 1000 - this.uptimeSeconds)) * 1000
    this.#users = readPasswd(linux)
  }

  toEvent(): ListedSystem {
    return {
      type: 'system',
      bootTime: new Date(this.#bootTimeMs).toISOString(),
      uptimeSeconds: this.uptimeSeconds,
      memTotalBytes: this.memTotalKib * 1024,
      pidMax: this.pidMax,
    }
  }

  userOf(uid: number): string {
    return this.#users.get(uid) ?? String(uid)
  }

  /** The uid of a name or a number; undefined for an unknown name. */
  uidOf(user: string): number | undefined {
    if (/^\d+$/.test(user)) return Number(user)
    return [...this.#users].find(([, name]) => name === user)?.[0]
  }

  /** RFC 3339, UTC. */
  startTime(startTicks: number): string {
    return new Date(this.#bootTimeMs + startTicks * (1000 / ticksPerSecond)).toISOString()
  }

  elapsedSeconds(startTicks: number): number {
    return Math.max(0, this.uptimeSeconds - startTicks / ticksPerSecond)
  }
}
