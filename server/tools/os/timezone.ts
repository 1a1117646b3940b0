import { bytesAt, firstThere, type Inside, linkAt, textAt } from './inside.ts'
import type { TimezoneEvent } from './schema.ts'
import { parsePosixZone, posixClockAt } from './zone/posix-zone.ts'
import { clockAt, parseZoneFile, type ZoneFile } from './zone/tzif.ts'

/** Where glibc and musl look; TZDIR moves glibc's. */
const zoneDirectories = ['/usr/share/zoneinfo', '/share/zoneinfo', '/etc/zoneinfo']
/** The largest zone of a "fat" database has 3.6 KB. */
const maxZoneBytes = 64 * 1024
const maxLinks = 8

const utc = { offsetSeconds: 0, abbreviation: 'UTC', isDst: false }

/** What a program's localtime() shows: TZ decides, then /etc/localtime, and without both it is UTC. tzset(3). */
export async function readTimezone(inside: Inside): Promise<TimezoneEvent> {
  const tz = inside.environment?.get('TZ')
  const custom = inside.environment?.get('TZDIR')
  const dataPath = await firstThere(inside, custom ? [custom, ...zoneDirectories] : zoneDirectories, 'directory')
  const file = (await textAt(inside, '/etc/timezone', 4096))?.trim() || null
  const base = { type: 'timezone' as const, tz: tz ?? null, dataPath: dataPath ?? null, etcTimezone: file }
  const found = tz === undefined ? await byLocaltime(inside, dataPath, file) : await byVariable(inside, tz, dataPath)
  const differs =
    found.source === '/etc/localtime' && file && found.name && !(await isSameZone(inside, dataPath, file, found.name))
  const problem = differs ? `/etc/timezone says ${file}, which programs do not go by` : null
  return { ...base, ...found, offset: offsetText(found.offsetSeconds), problem: found.problem ?? problem }
}

type Found = Pick<TimezoneEvent, 'source' | 'name' | 'abbreviation' | 'offsetSeconds' | 'isDst' | 'problem'>

async function byVariable(inside: Inside, tz: string, dataPath: string | undefined): Promise<Found> {
  const name = tz.replace(/^:/, '')
  const source = 'TZ' as const
  if (name === '') return { source, name: 'UTC', ...utc, problem: null }
  const zone = await zoneAt(inside, name.startsWith('/') ? name : dataPath && `${dataPath}/${name}`)
  if (zone) return { source, name: nameOfPath(name), ...clockAt(zone, inside.nowMs / 1000), problem: null }
  const posix = parsePosixZone(name)
  if (posix) return { source, name, ...posixClockAt(posix, inside.nowMs / 1000), problem: null }
  if (/^(UTC|UTC0|GMT|GMT0|Etc\/UTC)$/.test(name)) return { source, name, ...utc, problem: null }
  const why = dataPath ? `${dataPath} has no such zone` : 'no zone data is installed'
  return {
    source,
    name: null,
    ...utc,
    problem: `TZ is ${name}, but ${why}: C programs show UTC (Java, Node.js and Go may bring their own data)`,
  }
}

async function byLocaltime(inside: Inside, dataPath: string | undefined, etcTimezone: string | null): Promise<Found> {
  const bytes = await bytesAt(inside, '/etc/localtime', maxZoneBytes)
  const linked = await linkedZone(inside)
  if (bytes === undefined) {
    const problem = linked ? `/etc/localtime leads to ${linked}, which is not there: programs show UTC` : null
    return { source: 'default', name: 'UTC', ...utc, problem }
  }
  const zone = parseZoneFile(bytes)
  if (!zone)
    return { source: 'default', name: 'UTC', ...utc, problem: '/etc/localtime is no zone file: programs show UTC' }
  const name = linked ?? (await nameByContent(inside, bytes, dataPath, etcTimezone))
  return { source: '/etc/localtime', name, ...clockAt(zone, inside.nowMs / 1000), problem: null }
}

/** The name of the zone that /etc/localtime leads to, through more than one link if need be. */
async function linkedZone(inside: Inside): Promise<string | null> {
  let path = '/etc/localtime'
  for (let links = 0; links < maxLinks; links++) {
    const target = await linkAt(inside, path)
    if (target === undefined) return null
    path = target.startsWith('/') ? target : `${path.slice(0, path.lastIndexOf('/'))}/${target}`
    if (path.includes('zoneinfo/')) return nameOfPath(path)
  }
  return null
}

const nameOfPath = (path: string) => path.replace(/^.*zoneinfo\/(posix\/|right\/)?/, '')

/** Where the file was copied rather than linked: /etc/timezone's zone first, then the usual ones, then all. */
async function nameByContent(inside: Inside, bytes: Buffer, dataPath: string | undefined, etcTimezone: string | null) {
  if (!dataPath) return null
  const table =
    (await textAt(inside, `${dataPath}/zone1970.tab`)) ?? (await textAt(inside, `${dataPath}/zone.tab`)) ?? ''
  const listed = table.split('\n').flatMap(line => (line.startsWith('#') ? [] : (line.split('\t')[2] ?? [])))
  const names = new Set([...(etcTimezone ? [etcTimezone] : []), 'Etc/UTC', 'UTC', 'Asia/Shanghai', ...listed])
  for (const name of names) {
    const other = await bytesAt(inside, `${dataPath}/${name}`, maxZoneBytes)
    if (other?.equals(bytes)) return name
  }
  return null
}

/** `Etc/UTC` and `UTC` are one zone by two names. */
async function isSameZone(inside: Inside, dataPath: string | undefined, one: string, other: string): Promise<boolean> {
  if (one === other) return true
  if (!dataPath) return /^(Etc\/)?UTC$/.test(one) && /^(Etc\/)?UTC$/.test(other)
  const [a, b] = await Promise.all([one, other].map(name => bytesAt(inside, `${dataPath}/${name}`, maxZoneBytes)))
  return a !== undefined && b !== undefined && a.equals(b)
}

async function zoneAt(inside: Inside, path: string | undefined): Promise<ZoneFile | undefined> {
  const bytes = path === undefined ? undefined : await bytesAt(inside, path, maxZoneBytes)
  return bytes && parseZoneFile(bytes)
}

/** `+08:00` */
function offsetText(seconds: number): string {
  const minutes = Math.round(Math.abs(seconds) / 60)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${seconds < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`
}
