import { type EdnsOption, readEdnsOptions } from './edns-options.ts'
import { presentRdata } from './rdata.ts'
import { className, opcodeName, rcodeName, typeName } from './registries.ts'
import { Malformed, WireReader } from './wire-reader.ts'

export interface Question {
  /** Presentation form, with the final dot. */
  name: string
  type: string
  class: string
}

export interface DnsRecord {
  /** Presentation form, with the final dot. */
  name: string
  rrtype: string
  class: string
  ttlSeconds: number
  /** Presentation form, as in a zone file. */
  data: string
}

/** What the OPT pseudo-record says (RFC 6891, section 6.1). */
export interface Edns {
  version: number
  /** Octets of UDP payload that the sender takes. */
  udpSize: number
  flags: string[]
  options: EdnsOption[]
}

export interface Message {
  id: number
  isResponse: boolean
  opcode: string
  /** With the upper bits that EDNS carries. */
  rcode: string
  /** qr aa tc rd ra ad cd, those that are set, in the header's order. */
  flags: string[]
  truncated: boolean
  questions: Question[]
  answers: DnsRecord[]
  authorities: DnsRecord[]
  additionals: DnsRecord[]
  edns: Edns | null
}

const headerFlags: [name: string, bit: number][] = [
  ['qr', 0x8000],
  ['aa', 0x0400],
  ['tc', 0x0200],
  ['rd', 0x0100],
  ['ra', 0x0080],
  ['ad', 0x0020],
  ['cd', 0x0010],
]

const dnssecOk = 0x8000

/**
 * Reads a DNS message of at most 65,535 octets (RFC 1035, section 4). Ours instead of dns-packet's, which joins labels without
 * escapes, decodes them as UTF-8 and so loses octets, and doesn't hold a record's data to its RDLENGTH: one SSHFP of an unknown
 * hash sends it back to the start of the message. Throws Malformed; a message cut by its TC bit keeps what is whole.
 */
export function decodeMessage(bytes: Buffer): Message {
  const reader = new WireReader(bytes)
  const id = reader.u16()
  const bits = reader.u16()
  const counts = [reader.u16(), reader.u16(), reader.u16(), reader.u16()]
  const truncated = (bits & 0x0200) !== 0
  const message: Message = {
    id,
    isResponse: (bits & 0x8000) !== 0,
    opcode: opcodeName((bits >> 11) & 0xf),
    rcode: rcodeName(bits & 0xf),
    flags: headerFlags.filter(([, bit]) => bits & bit).map(([name]) => name),
    truncated,
    questions: [],
    answers: [],
    authorities: [],
    additionals: [],
    edns: null,
  }
  try {
    readSections(message, reader, counts, bits & 0xf)
  } catch (error) {
    if (!truncated || !(error instanceof Malformed)) throw error
  }
  return message
}

function readSections(message: Message, reader: WireReader, counts: readonly number[], rcode: number): void {
  for (let left = counts[0]!; left > 0; left--) message.questions.push(readQuestion(reader))
  for (const [at, section] of [message.answers, message.authorities, message.additionals].entries())
    for (let left = counts[at + 1]!; left > 0; left--) readRecord(message, section, reader, rcode)
}

function readQuestion(reader: WireReader): Question {
  return { name: reader.name(), type: typeName(reader.u16()), class: className(reader.u16()) }
}

function readRecord(message: Message, section: DnsRecord[], reader: WireReader, rcode: number): void {
  const name = reader.name()
  const rrtype = typeName(reader.u16())
  const classOrSize = reader.u16()
  const ttl = reader.u32()
  const rdata = reader.part(reader.u16())
  if (rrtype === 'OPT') {
    message.rcode = rcodeName(((ttl >>> 24) << 4) | rcode)
    message.edns = {
      version: (ttl >>> 16) & 0xff,
      udpSize: classOrSize,
      flags: ttl & dnssecOk ? ['do'] : [],
      options: readEdnsOptions(rdata),
    }
    return
  }
  const rrclass = className(classOrSize)
  section.push({ name, rrtype, class: rrclass, ttlSeconds: ttl, data: presentRdata(rrtype, rrclass, rdata) })
}
