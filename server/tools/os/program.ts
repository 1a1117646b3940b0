import { type GoBuildInfo, readGoBuildInfo } from '../../linux/elf/go-build-info.ts'
import { runsNatively } from '../../linux/elf/machines.ts'
import { type Elf, readElf } from '../../linux/elf/read-elf.ts'
import { errnoOf, type Linux } from '../../linux/linux.ts'
import { readPidCmdline } from '../../linux/procfs/pid-cmdline.ts'
import { readMappedFiles } from '../../linux/procfs/pid-maps.ts'
import { parseNsPids, parsePidStatus, readPidStatusLines } from '../../linux/procfs/pid-status.ts'
import type { Inside } from './inside.ts'
import { orUndefined } from './or-undefined.ts'
import { openExecutable } from './root-files.ts'
import type { ProgramEvent } from './schema.ts'

/** An executable with what else stands in it. */
export interface Executable {
  /** As seen from inside. */
  path: string
  elf: Elf
  go: GoBuildInfo | undefined
  /** What compilers left in `.comment`. */
  compilers: string[]
}

const maxCommentBytes = 16 * 1024

/** What /proc alone tells, also where the target's files are closed to us. */
export function describeProgram(linux: Linux, pid: number, entry: number): ProgramEvent {
  const lines = readPidStatusLines(linux, pid)
  const { uid, gid } = parsePidStatus(linux.peek(`/proc/${pid}/status`).toString('latin1'))
  const args = argsOf(linux, pid)
  const entryArgs = entry === pid ? args : argsOf(linux, entry)
  return {
    type: 'program',
    pid,
    innerPid: parseNsPids(lines).at(-1) ?? pid,
    comm: lines.get('Name') ?? '',
    args,
    uid,
    gid,
    user: null,
    executable: null,
    machine: null,
    isEmulated: null,
    isStatic: null,
    interpreter: null,
    buildId: null,
    package: null,
    init: entry === pid ? null : { pid: entry, comm: commOf(linux, entry), args: entryArgs },
  }
}

const argsOf = (linux: Linux, pid: number) => orUndefined(() => readPidCmdline(linux, pid)) ?? []
const commOf = (linux: Linux, pid: number) => orUndefined(() => readPidStatusLines(linux, pid).get('Name')) ?? ''

export const addExecutable = (
  event: ProgramEvent,
  { path, elf }: Executable,
  kernelMachine: string | null,
): ProgramEvent => ({
  ...event,
  executable: path,
  machine: elf.machine,
  isEmulated: kernelMachine === null ? null : !runsNatively(kernelMachine, elf.machine),
  isStatic: elf.interpreter === null,
  interpreter: elf.interpreter,
  buildId: elf.buildId,
})

/** Undefined where the kernel denies it, which is noted, and where it is no ELF file. */
export async function readExecutable({ linux, pid, notes }: Inside): Promise<Executable | undefined> {
  const link = `/proc/${pid}/exe`
  try {
    const path = insidePath(linux, pid, linux.readlink(link))
    await using file = await openExecutable(pid)
    const elf = await readElf(file)
    if (!elf) return undefined
    const comment = elf.sections.find(({ name }) => name === '.comment')
    const text =
      comment && (await file.read(comment.offset, Math.min(comment.size, maxCommentBytes))).toString('latin1')
    return { path, elf, go: await readGoBuildInfo(file, elf), compilers: text?.split('\0').filter(Boolean) ?? [] }
  } catch (error) {
    const errno = errnoOf(error)
    if (errno === undefined) throw error
    notes.add({ what: link, why: `could not be read (${errno})`, remedy: 'look again' })
    return undefined
  }
}

/** Files in the memory of the main process, as seen from inside; undefined where the kernel denies it. */
export function mappedFiles({ linux, pid }: Inside): string[] | undefined {
  return orUndefined(() => readMappedFiles(linux, pid))?.map(path => insidePath(linux, pid, path))
}

/** Paths in links of /proc begin at the root of the mount namespace, which is not that of a process in a chroot. */
function insidePath(linux: Linux, pid: number, path: string): string {
  const root = orUndefined(() => linux.readlink(`/proc/${pid}/root`)) ?? '/'
  return root !== '/' && path.startsWith(`${root}/`) ? path.slice(root.length) : path
}
