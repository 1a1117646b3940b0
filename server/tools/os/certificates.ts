import { bytesAt, firstThere, type Inside, namesIn } from './inside.ts'
import { look } from './root-files.ts'
import type { CertificatesEvent } from './schema.ts'

/** Where distributions keep the bundle, as Go's crypto/x509 looks for it. */
const bundles = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/pki/tls/cacert.pem',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/ssl/cert.pem',
]
const directories = ['/etc/ssl/certs', '/etc/pki/tls/certs']

/** Variables by which programs are told of another store, and who heeds them. */
const overrides: Record<string, 'file' | 'directory'> = {
  SSL_CERT_FILE: 'file',
  SSL_CERT_DIR: 'directory',
  NODE_EXTRA_CA_CERTS: 'file',
  REQUESTS_CA_BUNDLE: 'file',
  CURL_CA_BUNDLE: 'file',
  GIT_SSL_CAINFO: 'file',
  AWS_CA_BUNDLE: 'file',
  PIP_CERT: 'file',
}

const maxBundleBytes = 16 << 20
const maxFiles = 2000

/** Each store that is there, and each that variables of the main process name, there or not; every path once. */
export async function* readCertificates(
  inside: Inside,
  javaHome: string | undefined,
): AsyncGenerator<CertificatesEvent> {
  const named = namedStores(inside)
  const standard = (await firstPath(inside, bundles, 'file')) ?? (await firstPath(inside, directories, 'directory'))
  if (standard && !named.has(standard.path)) {
    const store = await storeAt(inside, standard.path, standard.kind, [])
    // An empty directory, as distroless images may have it, is no store.
    if (store.certificates !== 0 || standard.kind === 'file') yield store
  }
  for (const [path, { kind, variables }] of named) yield await storeAt(inside, path, kind, variables)
  if (javaHome) yield* javaStores(inside, javaHome)
}

type Kind = 'file' | 'directory'

function namedStores({ environment }: Inside): Map<string, { kind: Kind; variables: string[] }> {
  const named = new Map<string, { kind: Kind; variables: string[] }>()
  for (const [variable, kind] of Object.entries(overrides)) {
    const value = environment?.get(variable) ?? ''
    for (const path of (kind === 'directory' ? value.split(':') : [value]).filter(Boolean)) {
      const known = named.get(path)
      if (known) known.variables.push(variable)
      else named.set(path, { kind, variables: [variable] })
    }
  }
  return named
}

async function firstPath(inside: Inside, paths: readonly string[], kind: Kind) {
  const path = await firstThere(inside, paths, kind)
  return path === undefined ? undefined : { path, kind }
}

const nothing = { certificates: null, expired: null, newestTime: null, nextExpiryTime: null, broken: null }

async function storeAt(inside: Inside, path: string, kind: Kind, variables: string[]): Promise<CertificatesEvent> {
  const base = { type: 'certificates' as const, path, kind, variables, ...nothing }
  const found = await look(() => inside.files.kind(path))
  if (found.state === 'denied') {
    inside.notes.denied(path, found.error)
    return { ...base, problem: null }
  }
  if (found.state === 'missing') return { ...base, problem: `named by ${variables.join(', ')}, but it is not there` }
  if (found.value !== kind) return { ...base, problem: `it is no ${kind}` }
  const count = new Count(inside.nowMs)
  if (kind === 'file') await count.add(await bytesAt(inside, path, maxBundleBytes))
  else await addDirectory(inside, path, count)
  return { ...base, ...count.told, problem: count.all === 0 ? 'there is no certificate in it' : null }
}

async function addDirectory(inside: Inside, path: string, count: Count): Promise<void> {
  const names = (await namesIn(inside, path)).filter(name => /\.(pem|crt|cer|\d)$/.test(name))
  for (const name of names.slice(0, maxFiles)) await count.add(await bytesAt(inside, `${path}/${name}`, 1 << 20))
}

const pem = /-----BEGIN (?:TRUSTED )?CERTIFICATE-----[^-]+-----END (?:TRUSTED )?CERTIFICATE-----/g

class Count {
  readonly #nowMs: number
  readonly #seen = new Set<string>()
  #expired = 0
  #broken = 0
  #newest = Number.NEGATIVE_INFINITY
  #next = Number.POSITIVE_INFINITY

  constructor(nowMs: number) {
    this.#nowMs = nowMs
  }

  get all(): number {
    return this.#seen.size
  }

  get told() {
    const time = (ms: number) => (Number.isFinite(ms) ? new Date(ms).toISOString() : null)
    return {
      certificates: this.all,
      expired: this.#expired,
      broken: this.#broken,
      newestTime: time(this.#newest),
      nextExpiryTime: time(this.#next),
    }
  }

  /** One that stands there twice, as under its name and its hash, counts once. */
  async add(bytes: Buffer | undefined): Promise<void> {
    const { X509Certificate } = await import('node:crypto')
    for (const [text] of bytes?.toString('latin1').matchAll(pem) ?? []) {
      if (this.#seen.has(text)) continue
      this.#seen.add(text)
      try {
        const { validFromDate, validToDate } = new X509Certificate(text.replaceAll('TRUSTED ', ''))
        this.#newest = Math.max(this.#newest, validFromDate.getTime())
        if (validToDate.getTime() < this.#nowMs) this.#expired++
        else this.#next = Math.min(this.#next, validToDate.getTime())
      } catch {
        this.#broken++
      }
    }
  }
}

const keyStoreMagic = 0xfeedfeed

/** Java's own store. Of a JKS file the number of entries stands in the header; in PKCS#12 they are encrypted. */
async function* javaStores(inside: Inside, home: string): AsyncGenerator<CertificatesEvent> {
  for (const path of [`${home}/lib/security/cacerts`, `${home}/jre/lib/security/cacerts`]) {
    const head = await bytesAt(inside, path, 12)
    if (!head) continue
    const isJks = head.length === 12 && head.readUInt32BE(0) === keyStoreMagic
    const certificates = isJks ? head.readUInt32BE(8) : null
    yield { type: 'certificates', path, kind: 'java', variables: [], ...nothing, certificates, problem: null }
    return
  }
}
