import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { linuxAt } from '../../server/linux/linux.ts'
import { readPidStat } from '../../server/linux/procfs/pid-stat.ts'

const main = join(import.meta.dirname, '../../server/main.ts')

/** Part of every command line that is started here, so that no pattern meets a process of somebody else. */
export const mark = `ditty-signal-test-${process.pid}`

const running: ChildProcess[] = []

/** Starts a program in a session of its own and gives what it printed before `ready`. It ends with `endAll`. */
export async function startProgram(words: string[]): Promise<{ child: ChildProcess; pid: number; lines: string[] }> {
  const [program = '', ...rest] = words
  const child = spawn(program, rest, { stdio: ['ignore', 'pipe', 'inherit'], detached: true })
  running.push(child)
  const lines: string[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    if (line === 'ready') break
    lines.push(line)
  }
  return { child, pid: child.pid!, lines }
}

/** A bash script that prints `ready`. Words before the script stand around bash. */
export async function start(script: string, ...around: string[]): Promise<number> {
  const { pid } = await startProgram([...around, 'bash', '--norc', '-c', script, mark])
  return pid
}

/** The session holds what a script started, whatever became of the script. */
export async function endAll(): Promise<void> {
  for (const child of running.splice(0)) {
    const ended = hasEnded(child) ? undefined : once(child, 'exit')
    for (const pid of pidsOf('-s', child.pid!)) tryKill(pid)
    await ended
  }
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess) => exitCode !== null || signalCode !== null

export const exitOf = (pid: number) => {
  const child = running.find(child => child.pid === pid)!
  return hasEnded(child) ? Promise.resolve() : once(child, 'exit')
}

function pidsOf(flag: string, id: number): number[] {
  const { stdout } = spawnSync('ps', ['-o', 'pid=', flag, String(id)], { encoding: 'utf8' })
  return stdout.split('\n').filter(Boolean).map(Number)
}

export const childrenOf = (pid: number) => pidsOf('--ppid', pid)

function tryKill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended meanwhile.
  }
}

export function isAlive(pid: number): boolean {
  try {
    return readPidStat(linuxAt('/'), pid).state !== 'Z'
  } catch {
    return false
  }
}

const options = { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C.UTF-8' } } as const

export const native = ([program = '', ...rest]: string[]) => spawnSync(program, rest, options)

export const dittyWords = (words: string[]) => [process.execPath, main, ...words]

export const ditty = (words: string[], ...around: string[]) => native([...around, ...dittyWords(words)])

export const asNobody = ['setpriv', '--reuid', '65532', '--regid', '65532', '--clear-groups', '--no-new-privs']
