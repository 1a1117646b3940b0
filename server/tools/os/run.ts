import { ToolError } from '../../core/errors.ts'
import type { ToolContext } from '../context.ts'
import { findContainer } from '../limits/find-container.ts'
import { readCertificates } from './certificates.ts'
import { findManagers, findShells } from './commands.ts'
import { readHints } from './hints.ts'
import type { Inside } from './inside.ts'
import { readKernel } from './kernel.ts'
import { readLibc } from './libc.ts'
import { readLocale } from './locale.ts'
import { mainProcess } from './main-process.ts'
import { Notes } from './notes.ts'
import { countPackages, firstOwner, inPackages, Missing } from './package-events.ts'
import { findDatabases } from './packages/databases.ts'
import { addExecutable, describeProgram, mappedFiles, readExecutable } from './program.ts'
import { ofLiving, openOrDenial, readEnvironment, readRootMount } from './reach.ts'
import { readRelease } from './release.ts'
import { readRuntimes } from './runtime.ts'
import type { KernelEvent, OsEvent, OsInput, OsSummary, ProgramEvent } from './schema.ts'
import { readTimezone } from './timezone.ts'
import { readUsers } from './users.ts'

export async function* runOs(input: OsInput, context: ToolContext): AsyncGenerator<OsEvent> {
  const notes = new Notes()
  const { pid, container } = await findContainer(context, input.target, notes)
  const { id, name, runtime, podUid, kind } = container
  yield { type: 'target', pid, container: { id, name, runtime, podUid, kind } }
  const counts = { packages: 0, databases: 0, owners: 0, problems: 0 }
  const missing = new Missing(input)
  for await (const event of look(input, pid, context, notes)) {
    context.signal.throwIfAborted()
    if (event.type === 'packageDatabase') counts.databases++
    if (event.type === 'packageDatabase') counts.packages += event.packages
    if (event.type === 'owner') counts.owners++
    missing.see(event)
    if ('problem' in event && event.problem !== null) counts.problems++
    yield event
  }
  yield { type: 'summary', ...counts, unmatched: missing.words, notes: notes.all } satisfies OsSummary
}

async function* look(input: OsInput, entry: number, context: ToolContext, notes: Notes): AsyncGenerator<OsEvent> {
  const { linux, clock, signal } = context
  const asksPackages = input.packages !== undefined || input.ownerOf !== undefined
  const pid = ofLiving(entry, () => mainProcess(linux, entry))
  const kernel = readKernel(linux)
  const program = ofLiving(pid, () => describeProgram(linux, pid, entry))
  if (!asksPackages) yield kernel
  const opened = await openOrDenial(linux, entry, signal)
  if (opened instanceof ToolError) {
    if (!asksPackages) yield program
    throw opened
  }
  using files = opened
  if (asksPackages) {
    yield* inPackages(input, files, context, notes)
    return
  }
  const environment = readEnvironment(linux, pid, notes)
  yield* everything({ files, linux, pid, environment, notes, nowMs: clock.now() }, program, kernel, context)
}

async function* everything(
  inside: Inside,
  program: ProgramEvent,
  kernel: KernelEvent,
  context: ToolContext,
): AsyncGenerator<OsEvent> {
  const { names, ...users } = await readUsers(inside, program.uid)
  const executable = await readExecutable(inside)
  const databases = await findDatabases(inside.files, inside.notes)
  const owner = executable ? await firstOwner(databases, executable.path) : null
  const named = { ...program, user: names.get(program.uid) ?? null, package: owner }
  yield await readRelease(inside)
  yield readRootMount(inside.linux, inside.pid)
  yield executable ? addExecutable(named, executable, kernel.machine) : named
  const libc = await readLibc(inside, executable?.elf, mappedFiles(inside))
  yield libc
  const runtimes = executable ? await readRuntimes(inside, executable) : []
  yield* runtimes
  yield await readTimezone(inside)
  yield await readLocale(inside, libc)
  yield* readCertificates(inside, runtimes.find(({ name }) => name === 'Java')?.details.home)
  yield users
  yield* findShells(inside)
  yield* findManagers(inside)
  for (const database of databases) yield await countPackages(inside.files, database, context)
  yield* readHints(inside)
}
