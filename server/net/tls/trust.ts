import type { X509Certificate } from 'node:crypto'
import { rootCertificates } from 'node:tls'

/**
 * What OpenSSL has against the chain's root but doesn't say: its verdict is the last error it met, so an expired certificate
 * hides an unknown authority. Undefined also where the chain doesn't reach a root, since then nothing is certain.
 */
export function distrustOf(chain: readonly X509Certificate[], caCertificates: string | undefined): string | undefined {
  const top = chain.at(-1)
  if (!top || top.subject !== top.issuer) return undefined
  const der = top.raw.toString('base64')
  const trusted = caCertificates === undefined ? rootCertificates : [caCertificates]
  if (trusted.some(pem => pem.replace(/\s/g, '').includes(der))) return undefined
  return chain.length === 1 ? 'DEPTH_ZERO_SELF_SIGNED_CERT' : 'SELF_SIGNED_CERT_IN_CHAIN'
}
