import type { Linux } from '../../linux/linux.ts'
import { orUnknown } from '../../linux/open-files/places.ts'
import { explainPtraceDenial } from '../../linux/ptrace-access.ts'
import { readPidComm } from '../../linux/socket-owners.ts'
import type { Summary } from './schema.ts'
import type { Tally } from './tally.ts'

/** Processes named in a note: enough to recognise a container, short enough for a line. */
const namedProcesses = 3

/** What could not be looked into, in as many notes as there are reasons. */
export function notesOf({ denied }: Tally, linux: Linux): Summary['notes'] {
  const [first] = denied
  if (first === undefined) return []
  const names = denied.slice(0, namedProcesses).map(pid => {
    const comm = orUnknown(() => readPidComm(linux, pid))
    return comm === undefined ? String(pid) : `${pid} ${comm}`
  })
  const more = denied.length > names.length ? ', …' : ''
  const processes = denied.length === 1 ? '1 process' : `${denied.length} processes`
  const { reason, remedy } = explainPtraceDenial(linux, first)
  return [{ what: `open files of ${processes} (${names.join(', ')}${more}) may not be read`, why: reason, remedy }]
}
