import { type LocalClock, type PosixZone, parsePosixZone, posixClockAt } from './posix-zone.ts'

const headerBytes = 44

/** A time zone as a file holds it. */
export interface ZoneFile {
  /** Since 1970, ascending. */
  transitions: number[]
  /** Of each transition the clock that it starts. */
  clocks: LocalClock[]
  /** Before the first transition. */
  first: LocalClock
  /** After the last one; null where the file says nothing. */
  footer: PosixZone | null
  /** As written: `CST-8`. */
  footerText: string
}

/** Undefined for what is no TZif file, or a cut one. RFC 9636; tzfile(5). */
export function parseZoneFile(bytes: Buffer): ZoneFile | undefined {
  const header = headerAt(bytes, 0)
  if (!header) return undefined
  if (header.version === 0) return parseBody(bytes, headerBytes, header, 4)
  const second = headerBytes + bodyBytes(header, 4)
  const wide = headerAt(bytes, second)
  return wide && parseBody(bytes, second + headerBytes, wide, 8)
}

/** `epochSeconds`: since 1970, UTC. */
export function clockAt({ transitions, clocks, first, footer }: ZoneFile, epochSeconds: number): LocalClock {
  const after = transitions.findIndex(moment => moment > epochSeconds)
  if (after < 0 && footer) return posixClockAt(footer, epochSeconds)
  const at = after < 0 ? transitions.length - 1 : after - 1
  return at < 0 ? first : clocks[at]!
}

interface Header {
  version: number
  isUtcs: number
  isStandards: number
  leaps: number
  transitions: number
  types: number
  abbreviationBytes: number
}

function headerAt(bytes: Buffer, at: number): Header | undefined {
  if (bytes.length < at + headerBytes || bytes.toString('latin1', at, at + 4) !== 'TZif') return undefined
  const count = (index: number) => bytes.readUInt32BE(at + 20 + index * 4)
  return {
    version: bytes[at + 4]!,
    isUtcs: count(0),
    isStandards: count(1),
    leaps: count(2),
    transitions: count(3),
    types: count(4),
    abbreviationBytes: count(5),
  }
}

const bodyBytes = (header: Header, timeBytes: number) =>
  header.transitions * (timeBytes + 1) +
  header.types * 6 +
  header.abbreviationBytes +
  header.leaps * (timeBytes + 4) +
  header.isStandards +
  header.isUtcs

function parseBody(bytes: Buffer, start: number, header: Header, timeBytes: 4 | 8): ZoneFile | undefined {
  const end = start + bodyBytes(header, timeBytes)
  if (end > bytes.length || header.types === 0) return undefined
  const indexesAt = start + header.transitions * timeBytes
  const typesAt = indexesAt + header.transitions
  const namesAt = typesAt + header.types * 6
  const types = Array.from({ length: header.types }, (_, type) => clockOf(bytes, typesAt + type * 6, namesAt))
  const indexes = [...bytes.subarray(indexesAt, typesAt)]
  if (indexes.some(index => index >= types.length)) return undefined
  const timeAt = (at: number) => (timeBytes === 8 ? Number(bytes.readBigInt64BE(at)) : bytes.readInt32BE(at))
  const footerText = timeBytes === 8 ? footerAt(bytes, end) : ''
  return {
    transitions: indexes.map((_, at) => timeAt(start + at * timeBytes)),
    clocks: indexes.map(index => types[index]!),
    first: types[0]!,
    footer: parsePosixZone(footerText) ?? null,
    footerText,
  }
}

function clockOf(bytes: Buffer, at: number, namesAt: number): LocalClock {
  const name = namesAt + bytes[at + 5]!
  const end = bytes.indexOf(0, name)
  return {
    offsetSeconds: bytes.readInt32BE(at),
    isDst: bytes[at + 4] === 1,
    abbreviation: bytes.toString('latin1', name, end < 0 ? name : end),
  }
}

/** Between two newlines. */
function footerAt(bytes: Buffer, at: number): string {
  const end = bytes.indexOf(0x0a, at + 1)
  return bytes[at] === 0x0a && end > at ? bytes.toString('latin1', at + 1, end) : ''
}
