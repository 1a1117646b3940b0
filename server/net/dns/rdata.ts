import { formatInet6 } from '../../linux/inet-address.ts'
import { quoted } from './presentation.ts'
import { typeName } from './registries.ts'
import { presentServiceParameters } from './service-parameters.ts'
import { Malformed, type WireReader } from './wire-reader.ts'

type Present = (rdata: WireReader) => string

/** dig breaks long hexadecimal and base64 fields into words of this many characters. */
const wordLength = 56

const name: Present = rdata => rdata.name()
const preferenceAndName: Present = rdata => `${rdata.u16()} ${rdata.name()}`
const strings: Present = rdata => untilEnd(rdata, () => quoted(rdata.characterString())).join(' ')
const digest: Present = rdata => `${rdata.u16()} ${rdata.u8()} ${rdata.u8()} ${hexWords(rdata.rest())}`
const certificate: Present = rdata => `${rdata.u8()} ${rdata.u8()} ${rdata.u8()} ${hexWords(rdata.rest())}`
const key: Present = rdata => `${rdata.u16()} ${rdata.u8()} ${rdata.u8()} ${words(rdata.rest().toString('base64'))}`
const service: Present = rdata =>
  [`${rdata.u16()} ${rdata.name()}`, ...untilEnd(rdata, () => presentServiceParameters(rdata))].join(' ')

/** RFC 4034, section 3.1: the times are seconds since 1970 on the wire and YYYYMMDDHHMMSS in text. */
const signature: Present = rdata => {
  const covered = typeName(rdata.u16())
  const numbers = `${rdata.u8()} ${rdata.u8()} ${rdata.u32()} ${timestamp(rdata.u32())} ${timestamp(rdata.u32())}`
  return `${covered} ${numbers} ${rdata.u16()} ${rdata.name()} ${words(rdata.rest().toString('base64'))}`
}

const soa: Present = rdata =>
  `${rdata.name()} ${rdata.name()} ${rdata.u32()} ${rdata.u32()} ${rdata.u32()} ${rdata.u32()} ${rdata.u32()}`

const naptr: Present = rdata => {
  const numbers = `${rdata.u16()} ${rdata.u16()}`
  const texts = [rdata.characterString(), rdata.characterString(), rdata.characterString()].map(quoted)
  return `${numbers} ${texts.join(' ')} ${rdata.name()}`
}

/** RFC 8659, section 4.1: letters and digits make a tag, which stands without quotes. */
const caa: Present = rdata => {
  const flags = rdata.u8()
  const tag = rdata.characterString().toString('latin1')
  if (!/^[a-z\d]+$/i.test(tag)) throw new Malformed('a CAA tag has other characters than letters and digits')
  return `${flags} ${tag} ${quoted(rdata.rest())}`
}

const nsec3Parameters: Present = rdata => {
  const numbers = `${rdata.u8()} ${rdata.u8()} ${rdata.u16()}`
  return `${numbers} ${hex(rdata.characterString()) || '-'}`
}

const nsec3: Present = rdata =>
  [nsec3Parameters(rdata), base32Hex(rdata.characterString()), ...typeBitmap(rdata)].join(' ')

/** How each type's RDATA is written in a zone file, by the RFC that defines the type. */
const presenters: Record<string, Present> = {
  A: rdata => rdata.take(4).join('.'),
  AAAA: rdata => formatInet6(rdata.take(16), 0),
  NS: name,
  CNAME: name,
  DNAME: name,
  PTR: name,
  MX: preferenceAndName,
  KX: preferenceAndName,
  AFSDB: preferenceAndName,
  RP: rdata => `${rdata.name()} ${rdata.name()}`,
  SOA: soa,
  TXT: strings,
  SPF: strings,
  HINFO: strings,
  SRV: rdata => `${rdata.u16()} ${rdata.u16()} ${rdata.u16()} ${rdata.name()}`,
  NAPTR: naptr,
  CAA: caa,
  URI: rdata => `${rdata.u16()} ${rdata.u16()} ${quoted(rdata.rest())}`,
  DS: digest,
  CDS: digest,
  DNSKEY: key,
  CDNSKEY: key,
  RRSIG: signature,
  NSEC: rdata => [rdata.name(), ...typeBitmap(rdata)].join(' '),
  NSEC3: nsec3,
  NSEC3PARAM: nsec3Parameters,
  SSHFP: rdata => `${rdata.u8()} ${rdata.u8()} ${hexWords(rdata.rest())}`,
  TLSA: certificate,
  SMIMEA: certificate,
  OPENPGPKEY: rdata => words(rdata.rest().toString('base64')),
  SVCB: service,
  HTTPS: service,
}

/** Their format belongs to class IN alone (RFC 1035, section 3.4; RFC 3596; RFC 2782). */
const internetOnly = new Set(['A', 'AAAA', 'SRV', 'KX', 'SVCB', 'HTTPS'])

/**
 * A record's data in presentation form, names with their final dot; a type without one as RFC 3597 writes it (`\# 4 C0000201`).
 * Throws Malformed when the data isn't exactly what its type needs.
 */
export function presentRdata(rrtype: string, rrclass: string, rdata: WireReader): string {
  const present = Object.hasOwn(presenters, rrtype) ? presenters[rrtype] : undefined
  if (!present || (rrclass !== 'IN' && internetOnly.has(rrtype))) return unknown(rdata.rest())
  const text = present(rdata)
  if (!rdata.atEnd) throw new Malformed(`${rrtype} data is longer than its type allows`)
  return text
}

function unknown(data: Buffer): string {
  return data.length === 0 ? '\\# 0' : `\\# ${data.length} ${hexWords(data)}`
}

function untilEnd(rdata: WireReader, read: () => string): string[] {
  const parts: string[] = []
  while (!rdata.atEnd) parts.push(read())
  return parts
}

const hex = (octets: Buffer) => octets.toString('hex').toUpperCase()
const hexWords = (octets: Buffer) => words(hex(octets))
const words = (text: string) => text.match(new RegExp(`.{1,${wordLength}}`, 'g'))?.join(' ') ?? ''

const timestamp = (seconds: number) => new Date(seconds * 1000).toISOString().replace(/\.\d+|\D/g, '')

/** RFC 4648, section 7, without padding, as NSEC3's next hashed owner is written. */
function base32Hex(octets: Buffer): string {
  const bits = [...octets].map(octet => octet.toString(2).padStart(8, '0')).join('')
  const groups = bits.match(/.{1,5}/g) ?? []
  return groups.map(group => Number.parseInt(group.padEnd(5, '0'), 2).toString(32).toUpperCase()).join('')
}

/** RFC 4034, section 4.1.2: windows of 256 types in rising order, each with 1 to 32 octets of bits. */
function typeBitmap(rdata: WireReader): string[] {
  const types: string[] = []
  for (let last = -1; !rdata.atEnd; ) {
    const window = rdata.u8()
    const bits = rdata.characterString()
    if (window <= last || bits.length === 0 || bits.length > 32) throw new Malformed('a type bitmap is out of order')
    last = window
    for (const [at, octet] of bits.entries())
      for (let bit = 0; bit < 8; bit++) if (octet & (0x80 >> bit)) types.push(typeName(window * 256 + at * 8 + bit))
  }
  return types
}
