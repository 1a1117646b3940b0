import { ToolError } from '../../core/errors.ts'
import type { Linux } from '../../linux/linux.ts'
import { readPidStat } from '../../linux/procfs/pid-stat.ts'
import { readPidStatus } from '../../linux/procfs/pid-status.ts'
import { ttyName } from '../../linux/tty.ts'
import type { System } from '../processes/system.ts'
import type { PsInput, PsProcess } from './schema.ts'

type Test = (process: PsProcess) => boolean

/** Keeps what the input asks for: as in ps(1), each list and the scope add to the selection. */
export function selectProcesses(processes: PsProcess[], input: PsInput, linux: Linux, system: System): PsProcess[] {
  const tests = [...listTests(input, system), ...scopeTest(input, linux)]
  return tests.length === 0 ? processes : processes.filter(process => tests.some(test => test(process)))
}

function listTests({ pids, ppids, users, ttys, comms }: PsInput, system: System): Test[] {
  const uids = users?.map(user => uidOf(user, system))
  const terminals = ttys?.map(tty => tty.replace(/^\/dev\//, ''))
  const tests: (Test | undefined)[] = [
    pids && (({ pid }) => pids.includes(pid)),
    ppids && (({ ppid }) => ppids.includes(ppid)),
    uids && (({ uid }) => uids.includes(uid)),
    terminals && (({ tty }) => terminals.includes(tty ?? '?')),
    comms && (({ comm }) => comms.includes(comm)),
  ]
  return tests.filter(test => test !== undefined)
}

function uidOf(user: string, system: System): number {
  const uid = system.uidOf(user)
  if (uid !== undefined) return uid
  throw new ToolError('invalid_input', `users: no user ${user} in /etc/passwd; a UID works too`)
}

function scopeTest({ scope, withoutTerminal }: PsInput, linux: Linux): Test[] {
  switch (scope) {
    case undefined:
      return []
    case 'all':
      return [() => true]
    case 'own':
      return [ownProcess(linux, withoutTerminal)]
    case 'terminals':
      return [({ tty }) => withoutTerminal || tty !== null]
    case 'terminalJobs':
      return [({ tty, pid, sid }) => withoutTerminal || (tty !== null && pid !== sid)]
    case 'nonLeaders':
      return [({ pid, sid }) => pid !== sid]
  }
}

/** What `ps` shows without words: the same user on the same terminal as the reader. */
function ownProcess(linux: Linux, withoutTerminal: boolean): Test {
  const { uid: ownUid } = readPidStatus(linux, 'self')
  const { ttyNumber } = readPidStat(linux, 'self')
  const ownTty = ttyNumber === 0 ? null : ttyName(ttyNumber)
  return ({ uid, tty }) => uid === ownUid && (withoutTerminal || tty === ownTty)
}
