import type { Chunk } from '../../core/tool.ts'
import type { EventOf, Summary } from './schema.ts'

interface Facts {
  response: EventOf<'response'> | undefined
  failed: EventOf<'failed'> | undefined
}

type Variable = (summary: Summary, facts: Facts) => string | number | null

/** As curl writes them: 1.0 is `1`, none is `0`. */
const httpVersions: Record<string, string> = { '1.0': '1', '1.1': '1.1' }

const seconds = (ms: number | null) => ((ms ?? 0) / 1000).toFixed(6)

/** curl counts the steps up to the request from the start of their hop, but the answer and the total from the start of all. */
const ofHop = ({ redirectMs }: Summary['timing'], ms: number | null) => (ms === null ? null : ms - redirectMs)

/** The variables of curl's --write-out, in its units: seconds with six digits, bytes. */
const variables: Record<string, Variable> = {
  content_type: ({ contentType }) => contentType,
  errormsg: ({ failure }) => failure?.message ?? null,
  http_code: ({ status }) => String(status ?? 0).padStart(3, '0'),
  http_version: ({ httpVersion }) => httpVersions[httpVersion ?? ''] ?? '0',
  local_ip: ({ localAddress }) => localAddress,
  local_port: ({ localPort }) => localPort ?? 0,
  num_headers: (_summary, { response }) => response?.rawHeaders.length ?? 0,
  num_redirects: ({ redirects }) => redirects,
  redirect_url: ({ redirectUrl }) => redirectUrl,
  remote_ip: ({ remoteAddress }) => remoteAddress,
  remote_port: ({ remotePort }) => remotePort ?? 0,
  response_code: ({ status }) => String(status ?? 0).padStart(3, '0'),
  scheme: ({ url }) => url.split(':', 1)[0]!.toUpperCase(),
  size_download: ({ bytes }) => bytes,
  speed_download: ({ bytes, timing }) => Math.round(bytes / Math.max(timing.totalMs / 1000, 1e-6)),
  ssl_verify_result: ({ tlsVerifyResult }) => tlsVerifyResult ?? 0,
  time_appconnect: ({ timing }) => seconds(ofHop(timing, timing.appconnectMs)),
  time_connect: ({ timing }) => seconds(ofHop(timing, timing.connectMs)),
  time_namelookup: ({ timing }) => seconds(ofHop(timing, timing.namelookupMs)),
  time_pretransfer: ({ timing }) => seconds(ofHop(timing, timing.appconnectMs ?? timing.connectMs)),
  time_redirect: ({ redirects, timing }) => seconds(redirects === 0 ? 0 : timing.redirectMs),
  time_starttransfer: ({ timing }) => seconds(timing.starttransferMs),
  time_total: ({ timing }) => seconds(timing.totalMs),
  url_effective: ({ url }) => url,
}

const escapes: Record<string, string> = { n: '\n', r: '\r', t: '\t' }

/** The variables a format names that don't exist here. */
export function unknownVariables(format: string, known: readonly string[] = []): string[] {
  const named = [...format.matchAll(/(?<!%)(?:%%)*%\{([^}]*)\}/g)].map(match => match[1]!)
  return named.filter(name => !(name in variables) && !known.includes(name) && name !== 'stdout' && name !== 'stderr')
}

/** The text of --write-out; from `%{stderr}` on it goes to stderr. `more` holds variables that only the caller knows. */
export function writeOut(format: string, summary: Summary, facts: Facts, more: Record<string, string> = {}): Chunk[] {
  const chunks: Chunk[] = []
  let toError = false
  for (const part of format.split(/(%\{std(?:out|err)\})/)) {
    if (part === '%{stderr}' || part === '%{stdout}') toError = part === '%{stderr}'
    else if (part !== '') {
      const text = expanded(part, summary, facts, more)
      chunks.push(toError ? { stderr: text } : text)
    }
  }
  return chunks
}

function expanded(format: string, summary: Summary, facts: Facts, more: Record<string, string>): string {
  return format.replace(/%%|%\{([^}]*)\}|\\([nrt])/g, (whole, name?: string, escaped?: string) => {
    if (whole === '%%') return '%'
    if (escaped !== undefined) return escapes[escaped]!
    return more[name!] ?? String(variables[name!]?.(summary, facts) ?? '')
  })
}
