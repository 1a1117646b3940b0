import type { CertificateFacts } from './certificate.ts'

/** One reason not to trust the other side. */
export interface TlsProblem {
  /** OpenSSL's name without `X509_V_ERR_`, or Node's for a name that doesn't match. */
  code: string
  /** The number in OpenSSL's x509_vfy.h, as curl's `ssl_verify_result`; 0 when unknown. */
  number: number
  message: string
}

/** OpenSSL's include/openssl/x509_vfy.h, those that a server's chain can meet. */
const numbers: Record<string, number> = {
  UNABLE_TO_GET_ISSUER_CERT: 2,
  UNABLE_TO_GET_CRL: 3,
  CERT_SIGNATURE_FAILURE: 7,
  CERT_NOT_YET_VALID: 9,
  CERT_HAS_EXPIRED: 10,
  DEPTH_ZERO_SELF_SIGNED_CERT: 18,
  SELF_SIGNED_CERT_IN_CHAIN: 19,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 20,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 21,
  CERT_CHAIN_TOO_LONG: 22,
  CERT_REVOKED: 23,
  INVALID_CA: 24,
  PATH_LENGTH_EXCEEDED: 25,
  INVALID_PURPOSE: 26,
  CERT_UNTRUSTED: 27,
  CERT_REJECTED: 28,
  HOSTNAME_MISMATCH: 62,
  ERR_TLS_CERT_ALTNAME_INVALID: 62,
}

export interface Checked {
  host: string
  /** What the TLS library refused the chain for; undefined when it accepted it. */
  verifyCode: string | undefined
  /** What it has against the root as well, where its verdict is about another thing. */
  distrust: string | undefined
  nameMatches: boolean
  chain: readonly CertificateFacts[]
  now: number
}

/**
 * Every reason, the library's own first. It stops at the first one it meets, which at night costs a second round: so dates
 * and names are looked at too.
 */
export function problemsOf(checked: Checked): TlsProblem[] {
  const codes = [checked.verifyCode, checked.distrust, ...checked.chain.map(facts => dateProblem(facts, checked.now))]
  if (!checked.nameMatches) codes.push('ERR_TLS_CERT_ALTNAME_INVALID')
  const found = new Set(codes.filter(code => code !== undefined))
  return [...found].map(code => ({ code, number: numbers[code] ?? 0, message: messageOf(code, checked) }))
}

function dateProblem({ validFrom, validTo }: CertificateFacts, now: number): string | undefined {
  if (Date.parse(validTo) < now) return 'CERT_HAS_EXPIRED'
  return Date.parse(validFrom) > now ? 'CERT_NOT_YET_VALID' : undefined
}

function messageOf(code: string, { host, chain, now }: Checked): string {
  const leaf = chain[0]
  const top = chain.at(-1)
  switch (code) {
    case 'CERT_HAS_EXPIRED': {
      const late = chain.find(({ validTo }) => Date.parse(validTo) < now)
      return `certificate has expired: ${nameOf(late)} on ${late?.validTo.slice(0, 10)}, ${ago(late)}`
    }
    case 'CERT_NOT_YET_VALID': {
      const early = chain.find(({ validFrom }) => Date.parse(validFrom) > now)
      return `certificate is not yet valid: ${nameOf(early)} begins ${early?.validFrom}; is the clock right?`
    }
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return `no name of the certificate matches ${host}: it is for ${namesOf(leaf)}`
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
      return `self-signed certificate: ${nameOf(leaf)} vouches for itself`
    case 'SELF_SIGNED_CERT_IN_CHAIN':
      return `self-signed certificate in certificate chain: the root ${nameOf(top)} is not among those trusted`
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
      return `unable to get local issuer certificate: ${top?.issuer} is not among those trusted, or the server leaves an intermediate certificate out`
    default:
      return code.toLowerCase().replaceAll('_', ' ')
  }
}

const nameOf = (facts: CertificateFacts | undefined) => facts?.subject || facts?.names[0] || 'a nameless certificate'

function namesOf(facts: CertificateFacts | undefined): string {
  if (!facts || facts.names.length === 0) return `${nameOf(facts)}, without alternative names`
  const shown = facts.names.slice(0, 5)
  const more = facts.names.length - shown.length
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ')
}

function ago(facts: CertificateFacts | undefined): string {
  const days = -(facts?.daysLeft ?? 0) - 1
  return days < 1 ? 'less than a day ago' : `${days} ${days === 1 ? 'day' : 'days'} ago`
}
