import { getSystemErrorMap } from 'node:util'
import type koffiModule from 'koffi'

type Koffi = typeof koffiModule

/** A C function as TypeScript sees it: integers are numbers, `void *` takes a Buffer, an address or null. */
// biome-ignore lint/suspicious/noExplicitAny: the prototype string types the arguments, not the compiler
type NativeFunction = (...words: any[]) => any

/**
 * The C library this process runs on. Opened at the first call: koffi costs 8 ms and 8 MB of mapped text, which a tool that
 * needs no socket of its own shall not pay.
 */
export interface Libc {
  /** Binds one function by its C prototype, `int close(int fd)`; each binding costs some 10 µs, so bind once. */
  func<Call extends NativeFunction>(prototype: string): Call
  /** Where the bytes stand. The caller keeps them alive, and makes them from an ArrayBuffer, since V8 may move small views. */
  address(bytes: ArrayBufferView): bigint
  /** The calling thread's errno; ask right after the call that failed. */
  errno(): number
  koffi: Koffi
}

let opened: Promise<Libc> | undefined

/** Throws Node's error for a missing module when koffi has no binary for this machine. */
export function openLibc(): Promise<Libc> {
  opened ??= open()
  return opened
}

async function open(): Promise<Libc> {
  const koffi = (await import('koffi')).default
  const library = koffi.load(null)
  return {
    func: <Call extends NativeFunction>(prototype: string) => library.func(prototype) as unknown as Call,
    address: bytes => koffi.address(bytes),
    errno: () => koffi.errno(),
    koffi,
  }
}

/** A view over memory that stays where it is: V8 keeps views of at most 64 bytes inside its moving heap. */
export function pinned(length: number): Buffer {
  return Buffer.from(new ArrayBuffer(length))
}

/** The shape of Node's own system errors, so that `errnoOf` reads both. */
export class SystemError extends Error {
  override readonly name = 'SystemError'
  /** `EACCES`. */
  readonly code: string
  readonly errno: number
  readonly syscall: string

  constructor(errno: number, syscall: string) {
    const [code, message] = getSystemErrorMap().get(-errno) ?? [`errno ${errno}`, 'unknown error']
    super(`${syscall}: ${message}`)
    this.code = code
    this.errno = errno
    this.syscall = syscall
  }
}

/** The result of a call that says -1 when it failed. Throws SystemError. */
export function checked(libc: Libc, syscall: string, result: number): number {
  if (result >= 0) return result
  throw new SystemError(libc.errno(), syscall)
}
