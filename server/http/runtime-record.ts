import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import * as z from 'zod/mini'
import { ToolError } from '../core/errors.ts'
import { errnoOf, type Linux } from '../linux/linux.ts'
import { readPidStat } from '../linux/procfs/pid-stat.ts'
import { inPrivateDirectory } from './private-directory.ts'

const schema = z.object({
  instance: z.string().check(z.regex(/^[\da-z]{1,32}$/)),
  /** Without the token. */
  url: z.string(),
  port: z.int(),
  token: z.string(),
  pid: z.int(),
  /** When that process started, in ticks since boot: a pid alone is used again. */
  startTicks: z.int(),
  /** `pid:[4026531836]`: containers that share a directory need not share pids. */
  pidNamespace: z.string(),
})

/** What `ditty url` and other commands of the same user know of a server that runs here. */
export type RuntimeRecord = z.output<typeof schema>

/** Where records lie, and whose. */
export interface RuntimePlace {
  linux: Linux
  uid: number
  /** Tried in this order. */
  bases: readonly string[]
}

/** A scratch image has no /tmp, and a read-only root may leave only /dev/shm. */
export function runtimeBases({ XDG_RUNTIME_DIR, TMPDIR }: Record<string, string | undefined>): string[] {
  const bases = [XDG_RUNTIME_DIR, TMPDIR, '/dev/shm', '/tmp'].filter(base => base?.startsWith('/')) as string[]
  return [...new Set(bases)]
}

/** A record is a few hundred bytes; what is longer is none. */
const maxRecordBytes = 4096

/**
 * Leaves the record of this process, mode 0600, where the same user finds it, and gives what takes it away again. Throws
 * ToolError `unavailable`, with what each directory said, when none can be written.
 */
export function writeRecord(
  place: RuntimePlace,
  record: Pick<RuntimeRecord, 'instance' | 'url' | 'port' | 'token'>,
): { base: string; remove(): void } {
  const text = JSON.stringify({ ...record, ...identityOf(place.linux, 'self') })
  const refusals: string[] = []
  for (const base of place.bases) {
    try {
      inPrivateDirectory(base, place.uid, { create: true }, directory => {
        removeStale(place, directory)
        putFile(directory, record.instance, text)
      })
      return { base, remove: () => removeRecord(place, base, record.instance) }
    } catch (error) {
      refusals.push(`${base}: ${errnoOf(error) ?? (error as Error).message}`)
    }
  }
  throw new ToolError('unavailable', `nowhere to leave the address for \`ditty url\` (${refusals.join('; ')})`, {
    remedy: 'mount an emptyDir and name it with TMPDIR',
  })
}

/** The servers of this user that run in this pid namespace. */
export function readRecords(place: RuntimePlace): RuntimeRecord[] {
  const found = new Map<string, RuntimeRecord>()
  for (const base of place.bases) {
    for (const record of recordsIn(place, base)) if (isRunning(place.linux, record)) found.set(record.instance, record)
  }
  return [...found.values()]
}

function recordsIn(place: RuntimePlace, base: string): RuntimeRecord[] {
  try {
    return inPrivateDirectory(base, place.uid, { create: false }, directory =>
      readdirSync(directory).flatMap(name => readRecord(`${directory}/${name}`, place.uid) ?? []),
    )
  } catch {
    return []
  }
}

function identityOf(linux: Linux, pid: number | 'self') {
  const { pid: number, startTicks } = readPidStat(linux, pid)
  return { pid: number, startTicks, pidNamespace: linux.readlink('/proc/self/ns/pid') }
}

function isRunning(linux: Linux, record: RuntimeRecord): boolean {
  try {
    const { startTicks, pidNamespace } = identityOf(linux, record.pid)
    return startTicks === record.startTicks && pidNamespace === record.pidNamespace
  } catch {
    return false
  }
}

/** Written under another name first: nobody reads half a record. */
function putFile(directory: string, instance: string, text: string): void {
  const draft = `${directory}/.${instance}`
  writeFileSync(draft, text, { flag: 'wx', mode: 0o600 })
  renameSync(draft, `${directory}/${instance}.json`)
}

function readRecord(path: string, uid: number): RuntimeRecord | undefined {
  try {
    const descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    try {
      const status = fstatSync(descriptor)
      if (!status.isFile() || status.uid !== uid || status.size > maxRecordBytes) return undefined
      return schema.safeParse(JSON.parse(readFileSync(descriptor, 'utf8'))).data
    } finally {
      closeSync(descriptor)
    }
  } catch {
    return undefined
  }
}

/**
 * What a killed server of this pid namespace left behind; another namespace's can't be judged from here. Two that start
 * together sweep the same; what can't be swept is harmless, since readers ignore it.
 */
function removeStale(place: RuntimePlace, directory: string): void {
  try {
    const pidNamespace = place.linux.readlink('/proc/self/ns/pid')
    for (const path of readdirSync(directory).map(name => `${directory}/${name}`)) {
      const record = readRecord(path, place.uid)
      if (record?.pidNamespace === pidNamespace && !isRunning(place.linux, record)) rmSync(path, { force: true })
    }
  } catch {
    // The record that is to be written matters more.
  }
}

function removeRecord(place: RuntimePlace, base: string, instance: string): void {
  try {
    inPrivateDirectory(base, place.uid, { create: false }, directory => unlinkSync(`${directory}/${instance}.json`))
  } catch {
    // Gone already, which is what was wanted.
  }
}
