import { closeSync, constants, fstatSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { errnoOf } from '../linux/linux.ts'

/**
 * Works in `base/ditty-UID`, which only that user can enter. `base` may be /tmp, where others can put a link or a directory of
 * that name first: so it is opened without following links, judged by what was opened, and used by its descriptor.
 * Throws when it isn't ours alone.
 */
export function inPrivateDirectory<Result>(
  base: string,
  uid: number,
  { create }: { create: boolean },
  work: (directory: string) => Result,
): Result {
  const path = join(base, `ditty-${uid}`)
  if (create) makeDirectory(path)
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW)
  try {
    const status = fstatSync(descriptor)
    if (status.uid !== uid || (status.mode & 0o077) !== 0) throw new Error(`${path} is open to other users`)
    return work(`/proc/self/fd/${descriptor}`)
  } finally {
    closeSync(descriptor)
  }
}

function makeDirectory(path: string): void {
  try {
    mkdirSync(path, 0o700)
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error
  }
}
