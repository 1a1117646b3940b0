import { encode, type OptAnswer, type Packet, type RecordClass, type RecordType } from 'dns-packet'
import type { Linux } from '../../linux/linux.ts'
import { typeNumber } from './registries.ts'

/** What a query carries beside its question. */
export interface QueryOptions {
  recurse: boolean
  /** Octets of UDP payload we take; null asks without EDNS (RFC 6891). */
  ednsUdpSize: number | null
  /** Ask for DNSSEC records: the DO bit (RFC 3225); needs EDNS. */
  dnssec: boolean
}

/** One question as it goes out. */
export interface Query {
  id: number
  /** ASCII, without a final dot; `.` for the root. */
  qname: string
  qtype: string
  qclass: string
  bytes: Buffer
}

const recursionDesired = 0x0100
/** Asks the resolver to say in its AD bit whether it validated the answer (RFC 6840, section 5.7). */
const authenticData = 0x0020
const dnssecOk = 0x8000

/** A query with an id of its own, under which alone an answer is taken. */
export function encodeQuery(
  qname: string,
  qtype: string,
  qclass: string,
  options: QueryOptions,
  linux: Pick<Linux, 'peek'>,
): Query {
  const id = randomId(linux)
  const packet: Packet = {
    type: 'query',
    id,
    flags: (options.recurse ? recursionDesired : 0) | authenticData,
    questions: [{ name: qname, type: libraryType(qtype), class: qclass as RecordClass }],
    additionals: options.ednsUdpSize === null ? [] : [optRecord(options.ednsUdpSize, options.dnssec)],
  }
  return { id, qname, qtype, qclass, bytes: encode(packet) }
}

/** Nobody must guess it (RFC 5452, section 9.2). From the kernel itself: loading node:crypto takes 4 ms, a tenth of a start. */
const randomId = (linux: Pick<Linux, 'peek'>) => linux.peek('/dev/urandom', 2).readUInt16BE(0)

function optRecord(udpPayloadSize: number, dnssec: boolean): OptAnswer {
  const flags = dnssec ? dnssecOk : 0
  return {
    type: 'OPT',
    name: '.',
    udpPayloadSize,
    extendedRcode: 0,
    ednsVersion: 0,
    flags,
    flag_do: dnssec,
    options: [],
  }
}

/** dns-packet writes any type number under this name, those it has no name for too. */
const libraryType = (qtype: string) => `UNKNOWN_${typeNumber(qtype)}` as RecordType
