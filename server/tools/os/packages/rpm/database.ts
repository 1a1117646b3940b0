import { type ByteSource, buffered } from '../../../../linux/byte-source.ts'
import type { OpenedFile, RootFiles } from '../../root-files.ts'
import { look } from '../../root-files.ts'
import { BrokenDatabase, isThere, type PackageDatabase } from '../package.ts'
import { bdbBlobs, isBdbHash } from './bdb.ts'
import { headerHasFile, packageOfHeader, RpmHeader } from './header.ts'
import { isNdb, ndbBlobs } from './ndb.ts'
import { isSqlite, sqliteBlobs } from './sqlite.ts'

/** %_dbpath: of most, of newer Fedora and SUSE, of rpm-ostree and of what never set it. */
const directories = ['/var/lib/rpm', '/usr/lib/sysimage/rpm', '/usr/share/rpm', '/usr/lib/rpm/db']
const backends = [
  { name: 'rpmdb.sqlite', backend: 'sqlite' },
  { name: 'Packages.db', backend: 'ndb' },
  { name: 'Packages', backend: 'bdb' },
]

/** Each rpm database that is there, whatever keeps it. One directory is often a link to another: it counts once. */
export async function findRpm(files: RootFiles): Promise<PackageDatabase[]> {
  for (const directory of directories) {
    const found: PackageDatabase[] = []
    for (const { name, backend } of backends) {
      const path = `${directory}/${name}`
      if (await isThere(files, path, 'file')) found.push(database(files, path, backend))
    }
    if (found.length > 0) return found
  }
  return []
}

const database = (files: RootFiles, path: string, backend: string): PackageDatabase => ({
  format: 'rpm',
  path,
  backend,
  async *packages() {
    for await (const header of headers(files, path)) yield packageOfHeader(header)
  },
  async *owners(paths) {
    for await (const header of headers(files, path))
      if (paths.some(path => headerHasFile(header, path))) yield packageOfHeader(header)
  },
})

async function* headers(files: RootFiles, path: string): AsyncGenerator<RpmHeader> {
  using file = await files.open(path)
  using wal = await walBeside(files, path)
  for await (const blob of blobs(buffered(file), wal)) yield new RpmHeader(blob)
}

async function walBeside(files: RootFiles, path: string): Promise<OpenedFile | undefined> {
  const found = await look(() => files.open(`${path}-wal`))
  return found.state === 'found' ? found.value : undefined
}

/** The file's first bytes tell what it is: its name may be a link's, or an older rpm's. */
async function* blobs(source: ByteSource, wal: ByteSource | undefined): AsyncGenerator<Buffer> {
  const head = await source.read(0, 512)
  if (isSqlite(head)) yield* sqliteBlobs(source, wal, 'Packages')
  else if (isNdb(head)) yield* ndbBlobs(source)
  else if (isBdbHash(head)) yield* bdbBlobs(source)
  else throw new BrokenDatabase(source.size === 0 ? 'it is empty' : 'it begins as no database of rpm does')
}
