import { quoted } from './presentation.ts'
import type { WireReader } from './wire-reader.ts'

export interface EdnsOption {
  code: number
  /** As dig calls it; `OPT=123` without a name. */
  name: string
  /** Readable where the option carries text, else hexadecimal. */
  data: string
}

const optionNames: Record<number, string> = { 3: 'NSID', 10: 'COOKIE', 11: 'TCP KEEPALIVE', 12: 'PAD', 15: 'EDE' }

/** RFC 8914, section 4: why a resolver answered as it did. */
const extendedErrors = [
  'Other Error',
  'Unsupported DNSKEY Algorithm',
  'Unsupported DS Digest Type',
  'Stale Answer',
  'Forged Answer',
  'DNSSEC Indeterminate',
  'DNSSEC Bogus',
  'Signature Expired',
  'Signature Not Yet Valid',
  'DNSKEY Missing',
  'RRSIGs Missing',
  'No Zone Key Bit Set',
  'NSEC Missing',
  'Cached Error',
  'Not Ready',
  'Blocked',
  'Censored',
  'Filtered',
  'Prohibited',
  'Stale NXDOMAIN Answer',
  'Not Authoritative',
  'Not Supported',
  'No Reachable Authority',
  'Network Error',
  'Invalid Data',
]

/** The RDATA of an OPT record: code, length and value of each option (RFC 6891, section 6.1.2). */
export function readEdnsOptions(rdata: WireReader): EdnsOption[] {
  const options: EdnsOption[] = []
  while (!rdata.atEnd) {
    const code = rdata.u16()
    const value = rdata.part(rdata.u16())
    const data = code === 15 ? extendedError(value) : optionData(code, value.rest())
    options.push({ code, name: optionNames[code] ?? `OPT=${code}`, data })
  }
  return options
}

function extendedError(value: WireReader): string {
  const code = value.u16()
  const extra = value.rest()
  const title = extendedErrors[code] ?? 'Unknown Code'
  return extra.length === 0 ? `${code} (${title})` : `${code} (${title}): (${quoted(extra).slice(1, -1)})`
}

function optionData(code: number, value: Buffer): string {
  if (code !== 3) return value.toString('hex')
  return `${value.toString('hex').replace(/(..)(?=.)/g, '$1 ')} (${quoted(value)})`
}
