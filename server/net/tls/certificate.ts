import type { X509Certificate } from 'node:crypto'

/** What a certificate says, in the terms of openssl-x509(1). */
export interface CertificateFacts {
  /** `CN=example.org, O=Example`; empty where there are only alternative names. */
  subject: string
  issuer: string
  /** Subject alternative names: host names and addresses bare, others with their kind (`URI:spiffe://…`). */
  names: string[]
  /** RFC 3339, UTC. */
  validFrom: string
  validTo: string
  /** Whole days until `validTo`; negative when it has expired. */
  daysLeft: number
  serialNumber: string
  /** SHA-256 over the DER form, as hexadecimal pairs. */
  fingerprint256: string
  /** `ec prime256v1`, `rsa 2048`, `ed25519`. */
  key: string
}

const dayMs = 86_400_000

export function certificateFacts(certificate: X509Certificate, now: number): CertificateFacts {
  const validTo = certificate.validToDate
  return {
    subject: oneLine(certificate.subject),
    issuer: oneLine(certificate.issuer),
    names: parseNames(certificate.subjectAltName ?? ''),
    validFrom: certificate.validFromDate.toISOString(),
    validTo: validTo.toISOString(),
    daysLeft: Math.floor((validTo.getTime() - now) / dayMs),
    serialNumber: certificate.serialNumber,
    fingerprint256: certificate.fingerprint256,
    key: keyOf(certificate),
  }
}

/** More would be a loop or an attack: OpenSSL itself stops at 100. */
const longestChain = 20

/** The chain as it was built for checking, the server's own certificate first. */
export function chainOf(leaf: X509Certificate | undefined): X509Certificate[] {
  const chain: X509Certificate[] = []
  for (let at = leaf; at && chain.length < longestChain; at = at.issuerCertificate) {
    if (chain.some(({ fingerprint256 }) => fingerprint256 === at?.fingerprint256)) break
    chain.push(at)
  }
  return chain
}

/** Node gives one attribute a line, escaped as in RFC 2253. */
const oneLine = (name: string | undefined) => (name ?? '').split('\n').join(', ')

/** `DNS:a.example, IP Address:192.0.2.1`; a name with a comma or quote in it is written as a JSON string. */
export function parseNames(text: string): string[] {
  const entries = text.match(/(?:[^,"]|"(?:[^"\\]|\\.)*")+/g) ?? []
  return entries.map(entry => entry.trim().replace(/^(DNS|IP Address):/, ''))
}

function keyOf({ publicKey }: X509Certificate): string {
  const { namedCurve, modulusLength } = publicKey.asymmetricKeyDetails ?? {}
  return [publicKey.asymmetricKeyType, namedCurve ?? modulusLength].filter(Boolean).join(' ')
}
