import { errnoOf, type Linux } from './linux.ts'

/** ut_type of a login that goes on. */
const userProcess = 7

/** Bytes of a `struct utmp`: times are 32 bits wide where 32-bit programs share the file, as on x86-64. utmp(5). */
const recordBytes = process.arch === 'x64' ? 384 : 400
/** Where ut_user stands. */
const userAt = 44

/** Logins, as uptime(1) and who(1) count them. A record that is cut off is none. */
export function parseUtmpUsers(bytes: Buffer): number {
  let users = 0
  for (let at = 0; at + recordBytes <= bytes.length; at += recordBytes)
    if (bytes.readInt16LE(at) === userProcess && bytes[at + userAt] !== 0) users++
  return users
}

/** Undefined where nobody keeps the file, as in nearly every container. */
export function readUtmpUsers(linux: Linux): number | undefined {
  try {
    return parseUtmpUsers(linux.read('/run/utmp'))
  } catch (error) {
    if (errnoOf(error) === undefined) throw error
    return undefined
  }
}
