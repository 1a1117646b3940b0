import { type ChildProcess, spawn } from 'node:child_process'
import { statSync } from 'node:fs'
import { ToolError } from '../../core/errors.ts'
import { errnoOf } from '../../linux/linux.ts'
import type { ExecRequest } from './request.ts'

/** The group is asked by SIGTERM first; a stop of the server must fit this in. */
const killGraceMs = 500

/** A command that has started, at the head of its own process group. */
export interface Started {
  child: ChildProcess
  /** SIGTERM to the whole group, and SIGKILL to what is left of it soon after. */
  kill(): void
}

/** Starts a command. Throws ToolError `not_found`, `not_permitted` or `invalid_input` when it can't be started. */
export async function startProcess(request: ExecRequest, base: Record<string, string>): Promise<Started> {
  const env = { ...base, ...request.env }
  const cwd = request.cwd ?? base.HOME ?? '/'
  try {
    const child = spawnGroup(request, cwd, env)
    const kill = killerOf(child)
    await new Promise<void>((resolve, reject) => child.once('spawn', resolve).once('error', reject))
    // A command need not read what it is given: EPIPE is its choice.
    child.stdin?.on('error', () => undefined).end(Buffer.from(request.stdin ?? '', request.stdinEncoding))
    return { child, kill }
  } catch (error) {
    throw explained(error, request.command[0] ?? '', cwd, env.PATH)
  }
}

function spawnGroup({ command: [file = '', ...args], stdin }: ExecRequest, cwd: string, env: Record<string, string>) {
  return spawn(file, args, {
    cwd,
    env,
    detached: true,
    stdio: [stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  })
}

/**
 * Kills a command's group. Once the command is reaped and nobody is left in its group, the kernel may give the number to a
 * stranger, so that is looked at as soon as the command ends.
 */
function killerOf(child: ChildProcess): () => void {
  let empty = false
  let exited = false
  child.once('exit', () => {
    exited = true
    empty = !signalGroup(child.pid, 0)
  })
  const signal = (name: NodeJS.Signals) => {
    if (!empty) empty = !signalGroup(child.pid, name)
  }
  return () => {
    signal('SIGTERM')
    // Whoever the command left behind in its group is killed too.
    setTimeout(() => signal('SIGKILL'), exited ? 0 : killGraceMs)
  }
}

/** Whether there was anyone to signal; 0 only asks. */
function signalGroup(pid: number | undefined, signal: NodeJS.Signals | 0): boolean {
  if (pid === undefined) return false
  try {
    return process.kill(-pid, signal)
  } catch (error) {
    if (errnoOf(error) === 'ESRCH') return false
    // Somebody is there, who became another user.
    if (errnoOf(error) === 'EPERM') return true
    throw error
  }
}

function explained(error: unknown, file: string, cwd: string, path = ''): unknown {
  const options = { cause: error }
  switch (errnoOf(error)) {
    case 'ENOENT':
    case 'ENOTDIR':
      if (!isDirectory(cwd)) return new ToolError('not_found', `there is no directory ${cwd}`, options)
      return new ToolError('not_found', `there is no command '${file}'`, {
        ...options,
        remedy: file.includes('/')
          ? 'the path, or the interpreter its first line names, is missing'
          : `looked in ${path}`,
      })
    case 'EACCES':
    case 'EPERM':
      return new ToolError('not_permitted', `may not execute ${file} in ${cwd}`, {
        ...options,
        remedy: 'it needs execute permission for our UID, on a file system without noexec',
      })
    case 'E2BIG':
      return new ToolError('invalid_input', 'arguments and environment are too long for the kernel (E2BIG)', options)
    case 'ERR_INVALID_ARG_VALUE':
      return new ToolError('invalid_input', 'a command, its arguments, environment and cwd hold no NUL byte', options)
    default:
      return error
  }
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}
