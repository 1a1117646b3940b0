import type { InstalledPackage, PackageDatabase } from '../../../server/tools/os/packages/package.ts'

export async function listed(database: PackageDatabase): Promise<InstalledPackage[]> {
  const found: InstalledPackage[] = []
  for await (const one of database.packages()) found.push(one)
  return found
}

/** Their names alone. */
export async function ownersIn(database: PackageDatabase, ...paths: string[]): Promise<string[]> {
  const found: string[] = []
  for await (const one of database.owners(paths)) found.push(one.name)
  return found
}
