import { close } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { O_PATH } from './root/open-flags.ts'
import { threadedCalls } from './root/threaded-calls.ts'
import { walk } from './root/walk.ts'

export interface Confines {
  /** Where a relative path begins. */
  start: FileHandle
  /** Where an absolute path or link begins, and above which nothing leads. null: nothing may lead out of `start`. */
  root: FileHandle | null
}

/** What stands in an open directory under a name, as a path for any call of node:fs. The name is not looked up again from above. */
export const inDirectory = (directory: { fd: number }, name: Buffer): Buffer =>
  Buffer.concat([Buffer.from(`/proc/self/fd/${directory.fd}/`), name])

/** The same thing opened once more, for reading say. */
export const reopen = (handle: { fd: number }, flags: number): Promise<FileHandle> =>
  open(`/proc/self/fd/${handle.fd}`, flags)

export const openPlace = (path: string): Promise<FileHandle> => open(path, O_PATH)

/** Where a path of any bytes leads, links followed, within its confines; see walk(). Throws Node's error or PathError. */
export async function resolvePath({ start, root }: Confines, path: Buffer): Promise<FileHandle> {
  const step = (handle: FileHandle) => ({ descriptor: handle.fd, calls })
  const { descriptor } = await walk({ start: step(start), root: root && step(root) }, path)
  try {
    return await reopen({ fd: descriptor }, O_PATH)
  } finally {
    close(descriptor)
  }
}

const calls = threadedCalls()
