import { basename, dirname, resolve } from 'node:path/posix'
import { ToolError } from '../../../server/core/errors.ts'
import { bytesIn } from '../../../server/linux/byte-source.ts'
import { linuxAt } from '../../../server/linux/linux.ts'
import type { Inside } from '../../../server/tools/os/inside.ts'
import { Notes } from '../../../server/tools/os/notes.ts'
import type { RootFiles } from '../../../server/tools/os/root-files.ts'

export const denied = Symbol('denied')
type Tree = Record<string, string | Buffer | { link: string } | typeof denied>

/** A container's files where no container is: by their paths, with links and files that are refused. */
export function memoryFiles(tree: Tree): RootFiles {
  const real = (path: string, hops = 0): string => {
    if (hops > 8) throw missing(path)
    const found = tree[path]
    const parent = dirname(path)
    if (typeof found === 'object' && 'link' in found) return real(resolve(parent, found.link), hops + 1)
    return path === '/' || found !== undefined
      ? path
      : resolve(real(parent, hops), path.slice(parent.length).replace('/', ''))
  }
  const get = (path: string): Buffer => {
    const found = tree[real(path)]
    if (found === denied) throw new ToolError('not_permitted', `${path}: UID 1 may not read it`, { remedy: 'be UID 0' })
    if (found === undefined || (typeof found === 'object' && 'link' in found)) throw missing(path)
    return Buffer.from(found as string)
  }
  const below = (path: string) => {
    const start = `${real(path)}/`.replace('//', '/')
    return Object.keys(tree).flatMap(name => (name.startsWith(start) ? [name.slice(start.length).split('/')[0]!] : []))
  }
  return {
    read: async (path, limit) => get(path).subarray(0, limit),
    open: async path => ({ ...bytesIn(get(path)), modified: new Date(0), [Symbol.dispose]: () => undefined }),
    async *readEach(directory, names, limit) {
      for (const name of names) yield [name, get(`${directory}/${name}`).subarray(0, limit)]
    },
    async list(path) {
      const names = [...new Set(below(path))]
      if (names.length === 0) throw missing(path)
      return names
    },
    async readlink(path) {
      const found = tree[resolve(real(dirname(path)), basename(path))]
      if (typeof found === 'object' && 'link' in found) return found.link
      throw missing(path)
    },
    async kind(path) {
      if (below(path).length > 0) return 'directory'
      get(path)
      return 'file'
    },
  }
}

const missing = (path: string) => Object.assign(new Error(`ENOENT: ${path}`), { code: 'ENOENT' })

interface Surroundings {
  environment?: Record<string, string> | null
  now?: string
}

export const insideOf = (
  tree: Tree,
  { environment = {}, now = '2026-01-15T00:00:00Z' }: Surroundings = {},
): Inside => ({
  files: memoryFiles(tree),
  linux: linuxAt('/nowhere'),
  pid: 1,
  environment: environment && new Map(Object.entries(environment)),
  notes: new Notes(),
  nowMs: Date.parse(now),
})
