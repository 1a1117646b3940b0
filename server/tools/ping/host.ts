import { abortable } from '../../core/abortable.ts'
import { ToolError } from '../../core/errors.ts'
import { errnoOf } from '../../linux/linux.ts'
import { besideExit } from '../../linux/pool-thread.ts'
import type { AddressFamily } from '../../linux/socket-address.ts'

export interface Host {
  address: string
  family: AddressFamily
  /** It was given as an address: then ping(8) shows no names. */
  isNumeric: boolean
}

/**
 * The address a host's name stands for, the first that getaddrinfo(3) gives. Throws ToolError; leaves at once when `signal`
 * aborts, though the C library then goes on asking in its thread.
 */
export async function resolveHost(host: string, family: AddressFamily | undefined, signal: AbortSignal): Promise<Host> {
  const written = await familyOf(host)
  if (written === undefined) return lookUp(host, family, signal)
  if (family !== undefined && written !== family) throw wrongFamily(host)
  return { address: host, family: written, isNumeric: true }
}

/** Shorter forms of inet_aton(3), such as 127.1, are left to getaddrinfo. */
async function familyOf(host: string): Promise<AddressFamily | undefined> {
  if (!host.includes(':')) return isInet(host) ? 'inet' : undefined
  const { isIPv6 } = await import('node:net')
  if (isIPv6(host)) return 'inet6'
  throw new ToolError('not_found', `${host}: Name or service not known`)
}

/** By hand, since node:net costs an applet 2 ms. */
function isInet(host: string): boolean {
  const octets = host.split('.')
  return octets.length === 4 && octets.every(octet => /^(0|[1-9]\d{0,2})$/.test(octet) && Number(octet) < 256)
}

/** What inet_aton(3) takes besides four octets: `127.1`, `0x7f.1`, `2130706433`. */
export const isShortInet = (host: string) => /^(0x[\da-f]+|\d+)(\.(0x[\da-f]+|\d+)){0,3}$/i.test(host)

async function lookUp(host: string, family: AddressFamily | undefined, signal: AbortSignal): Promise<Host> {
  try {
    return await ask(host, family, signal)
  } catch (error) {
    if (signal.aborted) throw error
    const code = errnoOf(error)
    if (code === 'ENOTFOUND' && family !== undefined) {
      const other = await ask(host, undefined, signal).catch(() => undefined)
      if (other && other.family !== family) throw wrongFamily(host)
    }
    const isMissing = code === 'ENOTFOUND'
    throw new ToolError(isMissing ? 'not_found' : 'unavailable', `${host}: ${wordsFor(code)}`, { cause: error })
  }
}

async function ask(host: string, family: AddressFamily | undefined, signal: AbortSignal): Promise<Host> {
  const { lookup } = await import('node:dns')
  const wanted = family === undefined ? 0 : family === 'inet' ? 4 : 6
  const found = new Promise<Host>((resolve, reject) => {
    lookup(host, { family: wanted, order: 'verbatim' }, (error, address, found) => {
      if (error) reject(error)
      else resolve({ address, family: found === 6 ? 'inet6' : 'inet', isNumeric: isShortInet(host) })
    })
  })
  return abortable(besideExit(found), signal)
}

const wrongFamily = (host: string) =>
  new ToolError('invalid_input', `${host}: Address family for hostname not supported`, {
    fields: [{ path: 'family', message: 'the host has no address of this family' }],
  })

/** gai_strerror(3)'s words; Node keeps only the code. */
function wordsFor(code: string | undefined): string {
  switch (code) {
    case 'ENOTFOUND':
      return 'Name or service not known'
    case 'EAI_AGAIN':
      return 'Temporary failure in name resolution'
    case 'EAI_FAIL':
      return 'Non-recoverable failure in name resolution'
    default:
      return `name resolution failed (${code})`
  }
}
