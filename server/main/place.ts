import { type RuntimePlace, runtimeBases } from '../http/runtime-record.ts'
import { linuxAt } from '../linux/linux.ts'

/** Where servers of this user leave their address for `ditty url`. */
export function runtimePlace(): RuntimePlace {
  return { linux: linuxAt('/'), uid: process.getuid?.() ?? 0, bases: runtimeBases(process.env) }
}
