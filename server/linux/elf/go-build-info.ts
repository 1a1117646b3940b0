import type { ByteSource } from '../byte-source.ts'
import type { Elf } from './read-elf.ts'

/** What `go version -m` tells. */
export interface GoBuildInfo {
  /** `go1.22.3` */
  goVersion: string
  /** The main package; empty where the build info has no modules. */
  path: string
  module: { path: string; version: string } | null
  /** `GOARCH`, `vcs.revision`, `CGO_ENABLED`, `-ldflags`, … */
  settings: Record<string, string>
  dependencies: number
}

const magic = Buffer.from('\xff Go buildinf:', 'latin1')
const headerBytes = 32
const maxInfoBytes = 1 << 20

/**
 * Build info as Go 1.18 and later writes it, its two strings behind the header. Older ones hold pointers, of which `goVersion`
 * alone is told, as `before go1.18`. Source: src/debug/buildinfo/buildinfo.go.
 */
export async function readGoBuildInfo(source: ByteSource, elf: Elf): Promise<GoBuildInfo | undefined> {
  const section = elf.sections.find(({ name }) => name === '.go.buildinfo')
  if (!section || section.offset >= source.size) return undefined
  const bytes = await source.read(section.offset, Math.min(section.size, maxInfoBytes))
  if (bytes.length < headerBytes || !bytes.subarray(0, magic.length).equals(magic)) return undefined
  const nothing = { path: '', module: null, settings: {}, dependencies: 0 }
  if (!(bytes[15]! & 2)) return { goVersion: 'before go1.18', ...nothing }
  const version = stringAt(bytes, headerBytes)
  if (!version) return undefined
  const info = stringAt(bytes, version.end)
  return { goVersion: version.text, ...(info ? parseModules(info.text) : nothing) }
}

function stringAt(bytes: Buffer, start: number): { text: string; end: number } | undefined {
  let length = 0
  let at = start
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++]
    if (byte === undefined || shift > 28) return undefined
    length += (byte & 0x7f) * 2 ** shift
    if (byte < 0x80) break
  }
  return at + length > bytes.length ? undefined : { text: bytes.toString('utf8', at, at + length), end: at + length }
}

/** Between two marks of 16 bytes, a line each: `path`, `mod`, `dep`, `build NAME=VALUE`, with tabs between. */
function parseModules(marked: string): Omit<GoBuildInfo, 'goVersion'> {
  const info: Omit<GoBuildInfo, 'goVersion'> = { path: '', module: null, settings: {}, dependencies: 0 }
  for (const line of marked.split('\n')) {
    const [word = '', first = '', second = ''] = line.split('\t')
    if (word.endsWith('path') && !info.path) info.path = first
    else if (word === 'mod') info.module = { path: first, version: second }
    else if (word === 'dep') info.dependencies++
    else if (word === 'build') info.settings[first.split('=', 1)[0]!] = unquoted(first.slice(first.indexOf('=') + 1))
  }
  return info
}

function unquoted(value: string): string {
  if (!value.startsWith('"')) return value
  try {
    return JSON.parse(value)
  } catch {
    return value
  }
}
