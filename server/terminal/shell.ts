import { basename, join } from 'node:path'
import { isExecutable } from './find-program.ts'

export interface Shell {
  /** Full path of the program. */
  file: string
  args: string[]
  /** What it needs beside the common environment to find its start-up file. */
  environment: Record<string, string>
}

export interface ShellOptions {
  /** The environment the server was started with: its SHELL is taken where it is there. */
  base: Record<string, string | undefined>
  /** Where `bashrc` and `shrc` lie. Nothing is written there or elsewhere. */
  rcDirectory: string
  /** Whether a program can be run; tests bring their own answer. */
  isExecutable?: (path: string) => boolean
}

/** From the best to the one that is nearly always there. */
const candidates = ['/bin/bash', '/usr/bin/bash', '/usr/local/bin/bash', '/bin/zsh', '/usr/bin/zsh', '/bin/sh']

/** What passwd(5) names for those who shall not log in. */
const refusing = new Set(['nologin', 'false', 'true', 'sync'])

/** The best interactive shell there is, with the prompt, colours and history that ditty brings; undefined when there is none. */
export function findShell({ base, rcDirectory, ...options }: ShellOptions): Shell | undefined {
  const runs = options.isExecutable ?? isExecutable
  const wished = base.SHELL && !refusing.has(basename(base.SHELL)) ? [base.SHELL] : []
  const file = [...wished, ...candidates].find(runs)
  if (file !== undefined) return shellAt(file, rcDirectory)
  const busybox = ['/bin/busybox', '/usr/bin/busybox'].find(runs)
  return busybox === undefined ? undefined : { ...shellAt(busybox, rcDirectory), args: ['sh', '-i'] }
}

function shellAt(file: string, rcDirectory: string): Shell {
  if (basename(file) === 'bash') return { file, args: ['--rcfile', join(rcDirectory, 'bashrc'), '-i'], environment: {} }
  if (basename(file) === 'zsh') return { file, args: ['-i'], environment: {} }
  // POSIX: an interactive sh reads the file that ENV names.
  return { file, args: ['-i'], environment: { ENV: join(rcDirectory, 'shrc') } }
}
