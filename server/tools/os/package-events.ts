import { ToolError } from '../../core/errors.ts'
import { TimeSlice } from '../../core/time-slice.ts'
import type { ToolContext } from '../context.ts'
import type { Notes } from './notes.ts'
import { aliasesOf, changedTime, findDatabases, problemOf } from './packages/databases.ts'
import type { InstalledPackage, PackageDatabase } from './packages/package.ts'
import type { RootFiles } from './root-files.ts'
import type { OsEvent, OsInput, PackageDatabaseEvent } from './schema.ts'

/** What was asked of the package databases, and nothing else. */
export async function* inPackages(
  { packages, ownerOf, format }: OsInput,
  files: RootFiles,
  context: ToolContext,
  notes: Notes,
): AsyncGenerator<OsEvent> {
  const all = await findDatabases(files, notes)
  const databases = all.filter(database => format === undefined || database.format === format)
  if (databases.length === 0 && notes.all.length === 0) throw noDatabase(all, format)
  for (const database of databases) {
    if (packages !== undefined) yield* listPackages(files, database, context, packages.map(globOf))
    for (const path of ownerOf ?? []) yield* listOwners(database, path)
  }
}

function noDatabase(all: readonly PackageDatabase[], format = 'dpkg, apk or rpm'): ToolError {
  const others = [...new Set(all.map(({ format }) => format))].join(', ')
  return new ToolError('unavailable', `the container has no package database of ${format}`, {
    remedy: others ? `it has one of ${others}` : 'an image made from scratch has none; ditty os tells what it has',
  })
}

/** What was asked for and not found. */
export class Missing {
  readonly #names: Map<string, RegExp>
  readonly #paths: Set<string>

  constructor({ packages = [], ownerOf = [] }: OsInput) {
    this.#names = new Map(packages.filter(name => name !== '*').map(name => [name, globOf(name)]))
    this.#paths = new Set(ownerOf)
  }

  see(event: OsEvent): void {
    if (event.type === 'owner') this.#paths.delete(event.path)
    if (event.type !== 'package') return
    for (const [name, pattern] of this.#names) if (pattern.test(event.name)) this.#names.delete(name)
  }

  get words(): string[] {
    return [...this.#names.keys(), ...this.#paths]
  }
}

/** Each package that is wanted, and then its database. */
async function* listPackages(
  files: RootFiles,
  database: PackageDatabase,
  context: ToolContext,
  wanted: readonly RegExp[],
) {
  const count = new Count(database)
  for await (const found of readable(database.packages(), count, context)) {
    if (!wanted.some(pattern => pattern.test(found.name))) continue
    count.add(found)
    yield { type: 'package' as const, format: database.format, ...found }
  }
  yield await count.event(files)
}

export async function countPackages(files: RootFiles, database: PackageDatabase, context: ToolContext) {
  const count = new Count(database)
  for await (const found of readable(database.packages(), count, context)) count.add(found)
  return count.event(files)
}

/** Up to where the database is sound. */
async function* readable<Value>(
  values: AsyncGenerator<Value>,
  count: { problem: string | null },
  context: ToolContext,
) {
  const slice = new TimeSlice(context)
  try {
    for await (const value of values) {
      if (slice.due) await slice.turn()
      yield value
    }
  } catch (error) {
    context.signal.throwIfAborted()
    count.problem = problemOf(error)
  }
}

class Count {
  problem: string | null = null
  readonly #database: PackageDatabase
  #packages = 0
  #bytes = 0

  constructor(database: PackageDatabase) {
    this.#database = database
  }

  add({ state, sizeBytes }: InstalledPackage): void {
    if (state === 'installed') this.#packages++
    if (state === 'installed') this.#bytes += sizeBytes ?? 0
  }

  async event(files: RootFiles): Promise<PackageDatabaseEvent> {
    const { format, backend, path } = this.#database
    return {
      type: 'packageDatabase',
      format,
      backend,
      path,
      packages: this.#packages,
      installedBytes: this.#bytes,
      changedTime: await changedTime(files, this.#database),
      problem: this.problem,
    }
  }
}

async function* listOwners(database: PackageDatabase, path: string): AsyncGenerator<OsEvent> {
  try {
    for await (const { name, version, architecture } of database.owners(aliasesOf(path)))
      yield { type: 'owner', path, package: name, version, architecture, format: database.format }
  } catch (error) {
    throw new ToolError('unavailable', `${database.path}: ${problemOf(error)}`, { cause: error })
  }
}

/** The package that brought a file; null where none did, or where that can't be told. */
export async function firstOwner(databases: readonly PackageDatabase[], path: string): Promise<string | null> {
  for (const database of databases) {
    try {
      for await (const { name } of database.owners(aliasesOf(path))) return name
    } catch (error) {
      problemOf(error)
    }
  }
  return null
}

/** As in a shell: `*` any characters, `?` one; runs of stars are one, so that matching stays cheap. */
function globOf(pattern: string): RegExp {
  const source = pattern
    .replace(/\*+/g, '*')
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${source}$`, 's')
}
