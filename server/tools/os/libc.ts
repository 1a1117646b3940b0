import type { Elf } from '../../linux/elf/read-elf.ts'
import { bytesAt, firstThere, type Inside, namesIn } from './inside.ts'
import type { LibcEvent } from './schema.ts'

/** Debian's libc.so.6 has 1.9 MB, an unstripped one 15. */
const maxLibraryBytes = 32 << 20

const isGlibc = (path: string) => /\/(libc\.so\.6|libc-2\.\d+\.so)$/.test(path)
const isMusl = (path: string) => /\/(ld-musl-[^/]+\.so\.1|libc\.musl-[^/]+\.so\.1)$/.test(path)

/**
 * The C library that the main process has mapped, else the one its interpreter names, else one that lies there. `mapped` are the
 * files in its memory, and undefined where the kernel doesn't show them.
 */
export async function readLibc(inside: Inside, elf: Elf | undefined, mapped?: readonly string[]): Promise<LibcEvent> {
  const used = mapped?.find(path => isGlibc(path) || isMusl(path))
  const byLoader = elf?.interpreter ? await libraryOf(inside, elf.interpreter) : undefined
  const path = used ?? byLoader ?? (await presentLibrary(inside))
  const linked = elf ? (elf.interpreter ? 'dynamic' : 'static') : null
  if (path === undefined)
    return { type: 'libc', family: null, version: null, path: null, linked, inUse: false, build: null }
  const bytes = await bytesAt(inside, path, maxLibraryBytes)
  const told = bytes && (isMusl(path) ? muslVersion(bytes) : glibcVersion(bytes))
  return {
    type: 'libc',
    family: isMusl(path) ? 'musl' : 'glibc',
    version: told?.version ?? null,
    build: told?.build ?? null,
    path,
    linked,
    inUse: used !== undefined || byLoader !== undefined,
  }
}

/** musl's loader is the library itself; that of glibc lies where the library does, or in a directory for the machine beside it. */
async function libraryOf(inside: Inside, interpreter: string): Promise<string | undefined> {
  if (isMusl(interpreter)) return firstThere(inside, [interpreter], 'file')
  if (!/\/ld(-linux[^/]*|64|-2\.\d+)\.so/.test(interpreter)) return undefined
  return (
    (await firstThere(inside, [`${interpreter.slice(0, interpreter.lastIndexOf('/'))}/libc.so.6`], 'file')) ??
    presentGlibc(inside)
  )
}

const libraryDirectories = ['/lib64', '/usr/lib64', '/lib', '/usr/lib']

async function presentLibrary(inside: Inside): Promise<string | undefined> {
  const glibc = await presentGlibc(inside)
  if (glibc) return glibc
  for (const directory of ['/lib', '/usr/lib']) {
    const name = (await namesIn(inside, directory)).find(name => isMusl(`/${name}`))
    if (name) return `${directory}/${name}`
  }
  return undefined
}

async function presentGlibc(inside: Inside): Promise<string | undefined> {
  const direct = await firstThere(
    inside,
    libraryDirectories.map(directory => `${directory}/libc.so.6`),
    'file',
  )
  if (direct) return direct
  // Debian's multiarch: /lib/x86_64-linux-gnu
  for (const directory of ['/lib', '/usr/lib']) {
    const triplets = (await namesIn(inside, directory)).filter(name => name.includes('-linux-gnu'))
    const found = await firstThere(
      inside,
      triplets.map(triplet => `${directory}/${triplet}/libc.so.6`),
      'file',
    )
    if (found) return found
  }
  return undefined
}

/** `GNU C Library (Debian GLIBC 2.36-9+deb12u4) stable release version 2.36.` */
export function glibcVersion(bytes: Buffer): { version: string; build: string | null } | undefined {
  const at = bytes.indexOf('GNU C Library')
  if (at < 0) return undefined
  const line = bytes.toString('latin1', at, at + 200)
  const found = /^GNU C Library (?:\((.*?)\) )?\w+ release version (\d+\.\d+(?:\.\d+)?)/.exec(line)
  return found ? { version: found[2]!, build: found[1] ?? null } : undefined
}

/** The version stands alone among the strings of the library; its symbol is stripped. */
export function muslVersion(bytes: Buffer): { version: string; build: null } | undefined {
  const at = bytes.indexOf('musl libc (')
  const found = /\0(1\.\d+\.\d+(?:[-_][\w.-]{1,40})?)\0/.exec(bytes.toString('latin1'))
  return at >= 0 && found ? { version: found[1]!, build: null } : undefined
}
