/**
 * Names of the numbers in DNS messages, as dig prints them. Source: the IANA registry "Domain Name System (DNS) Parameters";
 * a type or class without a name is TYPE123 or CLASS123 (RFC 3597, section 5).
 */
const typeNumbers: Record<string, number> = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  NULL: 10,
  PTR: 12,
  HINFO: 13,
  MX: 15,
  TXT: 16,
  RP: 17,
  AFSDB: 18,
  SIG: 24,
  KEY: 25,
  AAAA: 28,
  LOC: 29,
  SRV: 33,
  NAPTR: 35,
  KX: 36,
  CERT: 37,
  DNAME: 39,
  OPT: 41,
  APL: 42,
  DS: 43,
  SSHFP: 44,
  IPSECKEY: 45,
  RRSIG: 46,
  NSEC: 47,
  DNSKEY: 48,
  DHCID: 49,
  NSEC3: 50,
  NSEC3PARAM: 51,
  TLSA: 52,
  SMIMEA: 53,
  HIP: 55,
  CDS: 59,
  CDNSKEY: 60,
  OPENPGPKEY: 61,
  CSYNC: 62,
  ZONEMD: 63,
  SVCB: 64,
  HTTPS: 65,
  SPF: 99,
  EUI48: 108,
  EUI64: 109,
  TKEY: 249,
  TSIG: 250,
  IXFR: 251,
  AXFR: 252,
  ANY: 255,
  URI: 256,
  CAA: 257,
}

const classNumbers: Record<string, number> = { IN: 1, CH: 3, HS: 4, NONE: 254, ANY: 255 }

const opcodeNumbers: Record<string, number> = { QUERY: 0, IQUERY: 1, STATUS: 2, NOTIFY: 4, UPDATE: 5 }

/** Above 15 they need EDNS, which carries the upper eight bits (RFC 6891, section 6.1.3). */
const rcodeNumbers: Record<string, number> = {
  NOERROR: 0,
  FORMERR: 1,
  SERVFAIL: 2,
  NXDOMAIN: 3,
  NOTIMP: 4,
  REFUSED: 5,
  YXDOMAIN: 6,
  YXRRSET: 7,
  NXRRSET: 8,
  NOTAUTH: 9,
  NOTZONE: 10,
  BADVERS: 16,
  BADCOOKIE: 23,
}

const inverse = (numbers: Record<string, number>) =>
  new Map(Object.entries(numbers).map(([name, value]) => [value, name]))

const typeNames = inverse(typeNumbers)
const classNames = inverse(classNumbers)
const opcodeNames = inverse(opcodeNumbers)
const rcodeNames = inverse(rcodeNumbers)

export const typeName = (value: number) => typeNames.get(value) ?? `TYPE${value}`
export const className = (value: number) => classNames.get(value) ?? `CLASS${value}`
export const opcodeName = (value: number) => opcodeNames.get(value) ?? `RESERVED${value}`
export const rcodeName = (value: number) => rcodeNames.get(value) ?? `RESERVED${value}`

export const knownTypes: readonly string[] = Object.keys(typeNumbers)
export const knownClasses: readonly string[] = Object.keys(classNumbers)

/** undefined for a name or header field that no registry knows. */
export const typeNumber = (name: string) => numberOf(name, typeNumbers, /^TYPE(\d{1,5})$/)
export const classNumber = (name: string) => numberOf(name, classNumbers, /^CLASS(\d{1,5})$/)
export const rcodeNumber = (name: string): number | undefined => rcodeNumbers[name]

function numberOf(name: string, numbers: Record<string, number>, generic: RegExp): number | undefined {
  const upper = name.toUpperCase()
  const value = Object.hasOwn(numbers, upper) ? numbers[upper] : Number(generic.exec(upper)?.[1] ?? Number.NaN)
  return value !== undefined && value <= 0xffff ? value : undefined
}
