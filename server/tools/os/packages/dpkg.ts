import { piecesOf } from '../../../linux/byte-source.ts'
import type { RootFiles } from '../root-files.ts'
import { type InstalledPackage, isThere, type Owner, type PackageDatabase } from './package.ts'

const statusPath = '/var/lib/dpkg/status'
/** Where distroless images keep one file for each package, in the same form. */
const statusDirectory = '/var/lib/dpkg/status.d'
const infoDirectory = '/var/lib/dpkg/info'

const maxParagraphBytes = 1 << 20
const maxListBytes = 16 << 20

/** Each of dpkg's databases that is there: a whole one, a distroless one, or both. dpkg(1), dpkg-query(1). */
export async function findDpkg(files: RootFiles): Promise<PackageDatabase[]> {
  const found: PackageDatabase[] = []
  if (await isThere(files, statusPath, 'file')) found.push(wholeDatabase(files))
  if (await isThere(files, statusDirectory, 'directory')) found.push(distrolessDatabase(files))
  return found
}

const wholeDatabase = (files: RootFiles): PackageDatabase => ({
  format: 'dpkg',
  path: statusPath,
  backend: null,
  async *packages() {
    using file = await files.open(statusPath)
    for await (const paragraph of piecesOf(file, '\n\n', maxParagraphBytes)) {
      const found = parseStatus(paragraph)
      if (found) yield found
    }
  },
  async *owners(paths) {
    const lists = (await files.list(infoDirectory)).filter(name => name.endsWith('.list'))
    // Most programs come in a package of their own name: whoever needs one owner needn't wait for the other lists.
    const base = paths[0]?.slice(paths[0].lastIndexOf('/') + 1) ?? ''
    lists.sort((one, other) => Number(other.startsWith(base)) - Number(one.startsWith(base)))
    for await (const [list, content] of files.readEach(infoDirectory, lists, maxListBytes))
      if (hasLine(content, paths)) yield ownerOf(list.slice(0, -'.list'.length))
  },
})

const distrolessDatabase = (files: RootFiles): PackageDatabase => ({
  format: 'dpkg',
  path: statusDirectory,
  backend: null,
  async *packages() {
    const names = (await files.list(statusDirectory)).filter(name => !name.endsWith('.md5sums'))
    for await (const [, content] of files.readEach(statusDirectory, names.sort(), maxParagraphBytes)) {
      const found = parseStatus(content.toString('utf8'))
      if (found) yield found
    }
  },
  async *owners(paths) {
    const sums = (await files.list(statusDirectory)).filter(name => name.endsWith('.md5sums'))
    const relative = paths.map(path => path.slice(1))
    for await (const [name, content] of files.readEach(statusDirectory, sums, maxListBytes))
      if (hasLine(content, relative, /^[0-9a-f]{32} +(?:\.?\/)?/)) yield ownerOf(name.slice(0, -'.md5sums'.length))
  },
})

/** `libc6:amd64` */
function ownerOf(word: string): Owner {
  const [name = '', architecture = null] = word.split(':')
  return { name, version: null, architecture }
}

/** Whether a list of files names one of these, behind what stands before each name. */
function hasLine(list: Buffer, wanted: readonly string[], before?: RegExp): boolean {
  if (!wanted.some(line => list.includes(line))) return false
  const lines = list.toString('utf8').split('\n')
  return lines.some(line => wanted.includes(before ? line.replace(before, '') : line))
}

/** A paragraph of `Field: value` lines; undefined for a package that isn't there at all, and for what is no paragraph. deb-control(5). */
export function parseStatus(paragraph: string): InstalledPackage | undefined {
  const fields = new Map<string, string>()
  for (const line of paragraph.split('\n')) {
    const colon = line.indexOf(':')
    if (colon > 0 && !/^[\s]/.test(line))
      fields.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trimStart())
  }
  const name = fields.get('package')
  // A distroless image keeps no status: what it lists is there.
  const [selection = null, , state = 'installed'] = fields.get('status')?.split(' ') ?? []
  if (!name || state === 'not-installed') return undefined
  const kibibytes = Number(fields.get('installed-size') ?? Number.NaN)
  return {
    name,
    version: fields.get('version') ?? '',
    architecture: fields.get('architecture') ?? null,
    sizeBytes: Number.isFinite(kibibytes) ? kibibytes * 1024 : null,
    source: fields.get('source')?.split(' ')[0] ?? null,
    installTime: null,
    summary: fields.get('description') ?? '',
    state,
    selection,
    multiArch: fields.get('multi-arch') ?? null,
  }
}
