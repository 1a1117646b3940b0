import type { Linux } from '../../linux/linux.ts'
import { loadTerminalModes } from '../../linux/termios.ts'
import { readForeground } from '../foreground.ts'

interface Typist {
  linux: Linux
  /** The session's first process is an interactive shell. */
  isShell: boolean
  pid: number
  descriptor(): number | undefined
}

/**
 * Tells whether what is typed now shows on the screen. The kernel echoes it, or the session's own shell does, whose line editor
 * turns the kernel's echo off at every prompt. All else is taken for hidden: a prompt for a password has lines without echo; and what
 * a raw program (ssh, an editor) does with a key nobody can know, it may well ask for a password of another machine.
 */
export async function watchInput({ linux, isShell, pid, descriptor }: Typist): Promise<() => boolean> {
  const modesOf = await loadTerminalModes()
  return () => {
    const open = descriptor()
    const modes = open === undefined ? undefined : modesOf(open)
    if (!modes || modes.echo) return modes?.echo ?? false
    return !modes.canonical && isShell && readForeground(linux, pid).process === null
  }
}
