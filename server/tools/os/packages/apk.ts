import { piecesOf } from '../../../linux/byte-source.ts'
import type { RootFiles } from '../root-files.ts'
import { type InstalledPackage, isThere, type PackageDatabase } from './package.ts'

/** The second since Alpine 3.23, where /lib may be a link to it anyhow. */
const paths = ['/lib/apk/db/installed', '/usr/lib/apk/db/installed']
const maxParagraphBytes = 16 << 20

/** apk's database: a paragraph of `LETTER:value` lines for each package, its files among them. apk-package(5). */
export async function findApk(files: RootFiles): Promise<PackageDatabase[]> {
  for (const path of paths) if (await isThere(files, path, 'file')) return [database(files, path)]
  return []
}

const database = (files: RootFiles, path: string): PackageDatabase => ({
  format: 'apk',
  path,
  backend: null,
  async *packages() {
    using file = await files.open(path)
    for await (const paragraph of piecesOf(file, '\n\n', maxParagraphBytes)) {
      const found = parseInstalled(paragraph)
      if (found) yield found
    }
  },
  async *owners(paths) {
    using file = await files.open(path)
    for await (const paragraph of piecesOf(file, '\n\n', maxParagraphBytes)) {
      const owner = parseInstalled(paragraph)
      if (owner && filesIn(paragraph).some(file => paths.includes(file))) yield owner
    }
  },
})

/** Undefined for what names no package. */
export function parseInstalled(paragraph: string): InstalledPackage | undefined {
  const fields = new Map<string, string>()
  for (const line of paragraph.split('\n'))
    if (line[1] === ':' && !fields.has(line[0]!)) fields.set(line[0]!, line.slice(2))
  const name = fields.get('P')
  if (!name) return undefined
  const size = Number(fields.get('I') ?? Number.NaN)
  const origin = fields.get('o')
  return {
    name,
    version: fields.get('V') ?? '',
    architecture: fields.get('A') ?? null,
    sizeBytes: Number.isFinite(size) ? size : null,
    source: origin === undefined || origin === name ? null : origin,
    installTime: null,
    summary: fields.get('T') ?? '',
    state: 'installed',
    selection: null,
    multiArch: null,
  }
}

/** `F:` names a directory, the `R:` behind it its files. */
function filesIn(paragraph: string): string[] {
  let directory = ''
  return paragraph.split('\n').flatMap(line => {
    if (line.startsWith('F:')) directory = line.slice(2)
    return line.startsWith('R:') ? [`/${directory ? `${directory}/` : ''}${line.slice(2)}`] : []
  })
}
