import { type Inside, textAt } from './inside.ts'
import type { ReleaseEvent } from './schema.ts'

/** In the order of os-release(5). */
const osReleasePaths = ['/etc/os-release', '/usr/lib/os-release']

/** What images without os-release say of themselves: a file, and how its one line reads. */
const older: { path: string; id: string; name: string }[] = [
  { path: '/etc/alpine-release', id: 'alpine', name: 'Alpine Linux' },
  { path: '/etc/debian_version', id: 'debian', name: 'Debian GNU/Linux' },
  { path: '/etc/openwrt_release', id: 'openwrt', name: 'OpenWrt' },
]

/** Whole lines that tell name and version together: `CentOS release 6.10 (Final)`. */
const wordy = ['/etc/redhat-release', '/etc/system-release', '/etc/SuSE-release', '/etc/lsb-release']

export async function readRelease(inside: Inside): Promise<ReleaseEvent> {
  const pointRelease = (await textAt(inside, '/etc/debian_version'))?.trim() || null
  for (const path of osReleasePaths) {
    const text = await textAt(inside, path)
    if (text !== undefined) return releaseOf(parseOsRelease(text), path, pointRelease)
  }
  for (const { path, id, name } of older) {
    const version = (await textAt(inside, path))?.split('\n', 1)[0]?.trim()
    if (version === undefined) continue
    return { ...nothing, id, name, version, prettyName: `${name} ${version}`.trim(), evidence: path }
  }
  for (const path of wordy) {
    const line = (await textAt(inside, path))?.split('\n', 1)[0]?.trim()
    if (!line) continue
    const version = /\d+(\.\d+)*/.exec(line)?.[0] ?? null
    return { ...nothing, name: line.split(/ release | \d/, 1)[0]!, version, prettyName: line, evidence: path }
  }
  return nothing
}

const nothing: ReleaseEvent = {
  type: 'release',
  id: null,
  idLike: [],
  name: null,
  version: null,
  prettyName: null,
  codename: null,
  variant: null,
  pointRelease: null,
  evidence: null,
}

function releaseOf(fields: Map<string, string>, evidence: string, debianVersion: string | null): ReleaseEvent {
  const field = (name: string) => fields.get(name) || null
  const name = field('NAME') ?? 'Linux'
  const version = field('VERSION_ID')
  return {
    type: 'release',
    id: field('ID') ?? 'linux',
    idLike: fields.get('ID_LIKE')?.split(' ').filter(Boolean) ?? [],
    name,
    version,
    prettyName: field('PRETTY_NAME') ?? [name, version].filter(Boolean).join(' '),
    codename: field('VERSION_CODENAME'),
    variant: field('VARIANT_ID') ?? field('IMAGE_ID') ?? field('BUILD_ID'),
    // Debian's own: Ubuntu keeps one too, which names the Debian it grew from.
    pointRelease: field('ID') === 'debian' ? debianVersion : null,
    evidence,
  }
}

/** `NAME=value` lines as a shell would read them. os-release(5) */
export function parseOsRelease(text: string): Map<string, string> {
  const fields = new Map<string, string>()
  for (const line of text.split('\n')) {
    const [, name, value = ''] = /^\s*([A-Za-z_][A-Za-z0-9_]*)=(.*?)\s*$/.exec(line) ?? []
    if (name) fields.set(name, unquoted(value))
  }
  return fields
}

function unquoted(value: string): string {
  const single = /^'([^']*)'$/.exec(value)
  if (single) return single[1]!
  const double = /^"((?:[^"\\]|\\.)*)"$/.exec(value)
  return (double ? double[1]! : value).replace(/\\([\\"$`'])/g, '$1')
}
