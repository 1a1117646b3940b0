import { ToolError } from '../../core/errors.ts'
import type { TimeSlice } from '../../core/time-slice.ts'
import type { System } from '../processes/system.ts'
import { parseFilter, type Test } from './filter.ts'
import type { Row } from './row.ts'
import type { TopInput } from './schema.ts'

/** Keeps the rows that pass every test of the input. `within`: the pids of a container, where one was named. */
export async function selectRows(
  rows: readonly Row[],
  input: TopInput,
  system: System,
  within: ReadonlySet<number> | undefined,
  slice: TimeSlice,
): Promise<Row[]> {
  const tests = testsOf(input, system, within)
  if (tests.length === 0) return [...rows]
  const kept: Row[] = []
  for (const row of rows) {
    if (tests.every(test => test(row))) kept.push(row)
    if (slice.due) await slice.turn()
  }
  return kept
}

/** Throws ToolError `invalid_input` for what can't be tested. */
export function testsOf(input: TopInput, system: System, within: ReadonlySet<number> | undefined): Test[] {
  const users = input.users?.map(word => userTest(word, 'users', system, row => [row.uid]))
  const anyUsers = input.anyUsers?.map(word => userTest(word, 'anyUsers', system, row => [row.uid, row.realUid]))
  return [
    ...(input.idle ? [] : [(row: Row) => row.isBusy]),
    ...(within ? [(row: Row) => within.has(row.pid) || (row.state === 'Z' && within.has(row.ppid))] : []),
    ...[users, anyUsers].flatMap(tests => (tests ? [(row: Row) => tests.some(test => test(row))] : [])),
    ...(input.filters?.map(parseFilter) ?? []),
  ]
}

function userTest(word: string, path: string, system: System, idsOf: (row: Row) => number[]): Test {
  const isInverse = word.startsWith('!')
  const name = isInverse ? word.slice(1) : word
  const uid = system.uidOf(name)
  if (uid === undefined) {
    const message = `no user ${name} in /etc/passwd; a UID works too`
    throw new ToolError('invalid_input', `${path}: ${message}`, { fields: [{ path, message }] })
  }
  return row => idsOf(row).includes(uid) !== isInverse
}
