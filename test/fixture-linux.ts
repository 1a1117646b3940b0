import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Linux } from '../server/linux/linux.ts'

/**
 * A captured tree under test/fixtures as the kernel would show it. `links.tsv` (path, target) holds the symbolic links;
 * `NAME.denied` beside a missing NAME makes it answer EACCES, `NAME.vanished` ESRCH, as a process that ends between two reads.
 */
export function fixtureLinux(name: string): Linux {
  const root = join(import.meta.dirname, 'fixtures', name)
  const links = new Map(readLinks(root))
  const refuse = (path: string, syscall: string): void => {
    for (let part = path; part.length > 1; part = parentOf(part)) {
      if (exists(`${join(root, part)}.denied`)) throw errnoError('EACCES', syscall, path)
      if (exists(`${join(root, part)}.vanished`)) throw errnoError('ESRCH', syscall, path)
    }
  }
  const own = (path: string) => path.replace(/^\/proc\/self(?=\/)/, `/proc/${links.get('/proc/self')}`)
  return {
    read(link) {
      const path = own(link)
      refuse(path, 'open')
      return readFileSync(join(root, path))
    },
    peek(path, limit) {
      return this.read(path).subarray(0, limit)
    },
    readlink(link) {
      const path = own(link)
      refuse(path, 'readlink')
      const target = links.get(path)
      if (target === undefined) throw errnoError(exists(join(root, path)) ? 'EINVAL' : 'ENOENT', 'readlink', path)
      return target
    },
    list(link) {
      const path = own(link)
      refuse(path, 'scandir')
      const linked = [...links.keys()].filter(link => parentOf(link) === path).map(link => link.slice(path.length + 1))
      if (linked.length === 0) return namesIn(join(root, path))
      return [...new Set([...(exists(join(root, path)) ? namesIn(join(root, path)) : []), ...linked])]
    },
  }
}

const parentOf = (path: string) => path.slice(0, path.lastIndexOf('/'))

const namesIn = (directory: string) => [
  ...new Set(readdirSync(directory).map(name => name.replace(/\.(denied|vanished)$/, ''))),
]

function readLinks(root: string): [string, string][] {
  const file = join(root, 'links.tsv')
  if (!exists(file)) return []
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean)
  return lines.map(line => {
    const [path = '', target = ''] = line.split('\t')
    return [`/${path}`, target]
  })
}

const exists = (path: string) => statSync(path, { throwIfNoEntry: false }) !== undefined

function errnoError(code: string, syscall: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${syscall} '${path}'`), { code, syscall, path })
}
