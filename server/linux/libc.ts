import { getSystemErrorName } from 'node:util'

/** The C library of this process. */
export interface Libc {
  /** A function by its C prototype (`int close(int fd)`); declare it once and keep it, koffi compiles a call for it. */
  func<Signature extends (...words: never[]) => unknown>(prototype: string): Signature
  /** Where a buffer's bytes stand, for arguments declared `uintptr_t`: a call with plain integers costs half of one with buffers. */
  addressOf(bytes: Uint8Array): number
  /** errno of the call that was made last. */
  errno(): number
  /** The call that was made last and failed, as Node's own system errors look: `code` is the errno's name. */
  failure(syscall: string): Error
}

let opened: Promise<Libc> | undefined

/** Loads koffi (7 ms) and libc.so.6 at the first call. Rejects where this machine has no binary of koffi. */
export function libc(): Promise<Libc> {
  opened ??= open()
  return opened
}

async function open(): Promise<Libc> {
  const { default: koffi } = await import('koffi')
  const library = koffi.load('libc.so.6')
  return {
    func: <Signature>(prototype: string) => library.func(prototype) as Signature,
    addressOf: bytes => Number(koffi.address(bytes)),
    errno: () => koffi.errno(),
    failure: syscall => systemError(syscall, koffi.errno()),
  }
}

/** A number of <errno.h> as Node's error: `code` EACCES, `errno` -13. */
export function systemError(syscall: string, errno: number): NodeJS.ErrnoException {
  const code = getSystemErrorName(-errno)
  return Object.assign(new Error(`${code}: ${syscall}`), { code, errno: -errno, syscall })
}
