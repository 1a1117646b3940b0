import { setTimeout as delay } from 'node:timers/promises'
import { errnoOf, type Linux } from '../linux/linux.ts'
import { type PidStat, readPidStat } from '../linux/procfs/pid-stat.ts'

/** Between looks at who is left, in ms; one look reads every process's stat, some 10 ms for a thousand. */
const lookMs = 25
/** After SIGKILL only a process stuck in the kernel (state D) remains, and nothing ends that. */
const killedMs = 250

/** It ended since it was listed, or hidepid hides it: then it isn't ours to signal either. */
const absent: ReadonlySet<string | undefined> = new Set(['ENOENT', 'ESRCH', 'EACCES', 'EPERM'])

/**
 * Ends all processes of sessions, each known by its shell's pid: what a modem's loss once did, SIGHUP to every job and SIGCONT
 * so that stopped ones hear it, then SIGKILL to those left after `graceMs`. A program that made a session of its own (a daemon)
 * lives on, as on any terminal.
 */
export async function endSessions(linux: Linux, sessions: ReadonlySet<number>, graceMs: number): Promise<void> {
  hangUp(linux, sessions)
  if (await areGone(linux, sessions, graceMs)) return
  for (const { pid } of membersOf(linux, sessions)) send(pid, 'SIGKILL')
  await areGone(linux, sessions, killedMs)
}

function hangUp(linux: Linux, sessions: ReadonlySet<number>): void {
  const groups = new Set(membersOf(linux, sessions).map(({ pgid }) => pgid))
  for (const group of groups) for (const signal of ['SIGHUP', 'SIGCONT'] as const) send(-group, signal)
}

async function areGone(linux: Linux, sessions: ReadonlySet<number>, withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs
  while (membersOf(linux, sessions).length > 0) {
    if (performance.now() > deadline) return false
    await delay(lookMs)
  }
  return true
}

/** Those that run; a zombie waits for its parent alone. */
function membersOf(linux: Linux, sessions: ReadonlySet<number>): PidStat[] {
  const pids = linux.list('/proc').filter(name => /^\d+$/.test(name))
  const all = pids.flatMap(pid => tryStat(linux, Number(pid)) ?? [])
  return all.filter(({ sid, state }) => sessions.has(sid) && state !== 'Z')
}

function tryStat(linux: Linux, pid: number): PidStat | undefined {
  try {
    return readPidStat(linux, pid)
  } catch (error) {
    if (absent.has(errnoOf(error))) return undefined
    throw error
  }
}

function send(target: number, signal: NodeJS.Signals): void {
  try {
    process.kill(target, signal)
  } catch (error) {
    // ESRCH: ended meanwhile. EPERM: a set-UID program; the loss of its terminal reaches it all the same.
    if (errnoOf(error) !== 'ESRCH' && errnoOf(error) !== 'EPERM') throw error
  }
}
