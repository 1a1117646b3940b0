import { openLibc, pinned } from './libc.ts'

/** How a terminal treats what is typed; termios(3). */
export interface TerminalModes {
  /** The kernel shows what is typed. */
  echo: boolean
  /** The kernel edits the line, and the program reads it once it is whole. */
  canonical: boolean
}

/** `struct termios` begins with c_iflag, c_oflag, c_cflag and c_lflag, 32 bits each; glibc's has 60 bytes. */
const termiosBytes = 64
const localFlagsAt = 12
const echoFlag = 0o10
const canonicalFlag = 0o2

/** Gives a function that asks for the modes of a terminal, from either of its sides; undefined when the descriptor is none. */
export async function loadTerminalModes(): Promise<(descriptor: number) => TerminalModes | undefined> {
  const libc = await openLibc()
  const tcgetattr = libc.func<(fd: number, termios: Buffer) => number>('int tcgetattr(int fd, void *termios)')
  const termios = pinned(termiosBytes)
  return descriptor => {
    if (tcgetattr(descriptor, termios) !== 0) return undefined
    const flags = termios.readUInt32LE(localFlagsAt)
    return { echo: (flags & echoFlag) !== 0, canonical: (flags & canonicalFlag) !== 0 }
  }
}
