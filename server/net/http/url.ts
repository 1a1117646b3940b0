export interface UrlProblem {
  kind: 'no_scheme' | 'unknown_scheme' | 'malformed'
  /** What is wrong and what would be right. */
  message: string
}

const scheme = /^([a-z][a-z0-9+.-]*):\/\//i

/** Why a text is no address that HTTP can fetch; undefined when it is one. Stricter than WHATWG's parser, which drops line breaks. */
export function urlProblem(text: string): UrlProblem | undefined {
  if (/[\0-\x20\x7f]/.test(text))
    return malformed('has a space or a control character; a space is written %20 in an address')
  const name = scheme.exec(text)?.[1]?.toLowerCase()
  if (name === undefined)
    return { kind: 'no_scheme', message: `has no scheme; write http://${text} or https://${text}` }
  if (name !== 'http' && name !== 'https')
    return { kind: 'unknown_scheme', message: `has the scheme ${name}; only http and https can be fetched` }
  if (URL.canParse(text)) return undefined
  return malformed(malformedPart(text.slice(name.length + 3)))
}

const malformed = (message: string): UrlProblem => ({ kind: 'malformed', message })

function malformedPart(rest: string): string {
  const authority = rest.split(/[/?#]/, 1)[0]!
  const host = authority.slice(authority.lastIndexOf('@') + 1)
  const port = /:([^:\]]*)$/.exec(host)?.[1]
  if (host === '' || host.startsWith(':')) return 'has no host'
  if (port !== undefined && !(Number(port) <= 65535)) return `has the port ${port}; a port is a number up to 65535`
  return `has a host that is none: ${host}`
}

/** The address as it may be shown: without a user name and password. */
export function shownUrl(url: URL): string {
  const shown = new URL(url)
  shown.username = ''
  shown.password = ''
  return shown.href
}

/** The host as the resolver and a socket take it: an IPv6 address without its brackets. */
export const hostOf = (url: URL): string => url.hostname.replace(/^\[(.*)\]$/, '$1')

export const portOf = (url: URL): number => Number(url.port || (url.protocol === 'https:' ? 443 : 80))

/** Name and password before the `@` of an address, decoded; undefined when there are none. */
export function credentialsOf(url: URL): string | undefined {
  if (url.username === '' && url.password === '') return undefined
  return `${decoded(url.username)}:${decoded(url.password)}`
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** What stands after the last slash of an address's path; empty when it ends in one. */
export const lastPart = ({ pathname }: URL): string => pathname.slice(pathname.lastIndexOf('/') + 1)
