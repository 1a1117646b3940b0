import { ToolError } from '../../../core/errors.ts'
import { errnoOf } from '../../../linux/linux.ts'
import type { Notes } from '../notes.ts'
import { look, type RootFiles } from '../root-files.ts'
import { findApk } from './apk.ts'
import { findDpkg } from './dpkg.ts'
import { BrokenDatabase, type PackageDatabase } from './package.ts'
import { findRpm } from './rpm/database.ts'

const finders = { dpkg: findDpkg, apk: findApk, rpm: findRpm }

/** Every database of packages in the target; one that may not be looked at is noted. */
export async function findDatabases(files: RootFiles, notes: Notes): Promise<PackageDatabase[]> {
  const found: PackageDatabase[] = []
  for (const [format, find] of Object.entries(finders)) {
    try {
      found.push(...(await find(files)))
    } catch (error) {
      if (!(error instanceof ToolError)) throw error
      notes.denied(`packages of ${format}`, error)
    }
  }
  return found
}

/** What ended the reading of a database: damage, or what the kernel says. Anything else is thrown on. */
export function problemOf(error: unknown): string {
  if (error instanceof BrokenDatabase) return `damaged, the rest was not read: ${error.message}`
  if (error instanceof ToolError) return [error.message, error.remedy].filter(Boolean).join('; ')
  const errno = errnoOf(error)
  if (errno === undefined) throw error
  return `could not be read on (${errno})`
}

const merged = /^\/(usr\/)?((?:s?bin|lib(?:32|64|x32)?)\/.*)$/

/** Where /bin is a link to /usr/bin, a package may name a file by either path. */
export function aliasesOf(path: string): string[] {
  const found = merged.exec(path)
  return found ? [path, found[1] ? `/${found[2]}` : `/usr/${found[2]}`] : [path]
}

export async function changedTime(files: RootFiles, { path }: PackageDatabase): Promise<string | null> {
  const found = await look(() => files.open(path))
  if (found.state !== 'found') return null
  using file = found.value
  return file.modified.toISOString()
}
