import { look, type RootFiles } from '../root-files.ts'

export type PackageFormat = 'dpkg' | 'apk' | 'rpm'

/** A package as its database tells it. */
export interface InstalledPackage {
  name: string
  /** As its manager prints it: `1:2.36-9+deb12u4`, `1.36.1-r5`, rpm's `[epoch:]version-release`. */
  version: string
  architecture: string | null
  /** What it takes on the disk when installed. */
  sizeBytes: number | null
  /** Which source it was built from, where that has another name. */
  source: string | null
  /** RFC 3339; null where the database doesn't keep it. */
  installTime: string | null
  summary: string
  /** `installed`, or dpkg's word for anything else: `config-files`, `half-configured`. */
  state: string
  /** What is wanted of it, in dpkg's word (`install`, `hold`, `deinstall`); null where the database keeps none. */
  selection: string | null
  /** dpkg's Multi-Arch; `same` may be installed once for each architecture. */
  multiArch: string | null
}

/** A package database that can't be read on: cut, overwritten, or of a kind that isn't known. What was read before stands. */
export class BrokenDatabase extends Error {
  override readonly name = 'BrokenDatabase'
}

/** As much of a package as the list of its files tells. */
export interface Owner {
  name: string
  version: string | null
  /** Of dpkg only where the package may be there for several. */
  architecture: string | null
}

/** One database of packages, read from its beginning each time. Both throw BrokenDatabase, or Node's error for a file. */
export interface PackageDatabase {
  format: PackageFormat
  /** Where it stands in the target. */
  path: string
  /** What keeps it, where a format has several: rpm's `sqlite`, `ndb`, `bdb`. */
  backend: string | null
  packages(): AsyncGenerator<InstalledPackage>
  /** The packages that brought one of these absolute paths. */
  owners(paths: readonly string[]): AsyncGenerator<Owner>
}

/** Throws Node's error where that can't be told. */
export async function isThere(files: RootFiles, path: string, kind: 'file' | 'directory'): Promise<boolean> {
  const found = await look(() => files.kind(path))
  if (found.state === 'denied') throw found.error
  return found.state === 'found' && found.value === kind
}
