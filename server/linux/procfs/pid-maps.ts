import type { Linux } from '../linux.ts'

/**
 * Files that a process has mapped, each once, in the order of their addresses; a newline in a name stands as `\012`. Ptrace-checked.
 * Source: show_map_vma(), fs/proc/task_mmu.c.
 */
export function parseMappedFiles(text: string): string[] {
  const found = new Set<string>()
  for (const line of text.split('\n')) {
    const slash = line.indexOf('/')
    if (slash > 0) found.add(line.slice(slash))
  }
  return [...found]
}

export const readMappedFiles = (linux: Linux, pid: number) =>
  parseMappedFiles(linux.read(`/proc/${pid}/maps`).toString('utf8'))

/** A file mapped into memory, once for all its mappings. */
export interface MappedFile {
  /** `254,0` */
  device: string
  inode: number
  /** A path, or what the kernel calls it: `anon_inode:[io_uring]`. */
  name: string
  deleted: boolean
}

/**
 * Keys of mapped files from /proc/PID/maps, each once: device, inode and path as the kernel wrote them, in bytes (latin1). A few
 * files are mapped by every process, so what is known of one is remembered by its key. Source: show_map_vma(), fs/proc/task_mmu.c.
 *
 *     7f2ffce17000-7f2ffce18000 rw-s 00000000 fe:00 2146958                    /tmp/gone (deleted)
 */
export function mappedFileKeys(text: string): Set<string> {
  const keys = new Set<string>()
  for (let start = 0, end = text.indexOf('\n'); end > 0; start = end + 1, end = text.indexOf('\n', start)) {
    const device = text.indexOf(' ', text.indexOf(' ', text.indexOf(' ', start) + 1) + 1) + 1
    if (hasInode(text, text.indexOf(' ', device) + 1)) keys.add(text.slice(device, end))
  }
  return keys
}

/** `0 ` stands for memory of no file. */
const hasInode = (text: string, at: number) => text.charCodeAt(at) !== 0x30

export const readMappedFileKeys = (linux: Linux, pid: number) =>
  mappedFileKeys(linux.read(`/proc/${pid}/maps`).toString('latin1'))

/** Of the kernel's escapes only that of a newline is written there. */
export function parseMappedFileKey(key: string): MappedFile {
  const [, major = '', minor = '', inode, name = ''] = /^(\w+):(\w+) (\d+) +(.*)$/s.exec(key) ?? []
  const text = Buffer.from(name, 'latin1').toString('utf8').replaceAll('\\012', '\n')
  const deleted = text.endsWith(deletedMark)
  return {
    device: `${Number.parseInt(major, 16)},${Number.parseInt(minor, 16)}`,
    inode: Number(inode),
    name: deleted ? text.slice(0, -deletedMark.length) : text,
    deleted,
  }
}

/** What the kernel adds to the path of a file whose name is gone. */
export const deletedMark = ' (deleted)'
