import { isIP, isIPv6 } from 'node:net'
import { ToolError } from '../../core/errors.ts'
import { besideExit } from '../../linux/pool-thread.ts'
import type { ServerAddress } from '../../net/dns/exchange.ts'
import { type ResolvConf, resolvConfPath } from '../../net/dns/resolv-conf.ts'
import type { Input } from './schema.ts'

/** The servers to ask, in order: those named, or else those of resolv.conf. */
export async function serversOf(input: Input, conf: ResolvConf, signal: AbortSignal): Promise<ServerAddress[]> {
  const { server, family, port } = input
  const named = server === undefined ? conf.nameservers : await addressesOf(server, family, signal)
  const addresses = named.filter(address => !family || isIPv6(address) === (family === 6))
  if (addresses.length === 0)
    throw new ToolError('unavailable', `no server with an IPv${family} address in ${server ?? resolvConfPath}`)
  return (conf.rotate && server === undefined ? rotated(addresses) : addresses).map(address => ({ address, port }))
}

/** `rotate` starts anywhere, as glibc does in a new process. */
function rotated(addresses: string[]): string[] {
  const start = Math.floor(Math.random() * addresses.length)
  return [...addresses.slice(start), ...addresses.slice(0, start)]
}

/** A server's own name goes through the system's resolver, as dig does it: the one under test is only asked for the question. */
async function addressesOf(server: string, family: 4 | 6 | undefined, signal: AbortSignal): Promise<string[]> {
  if (isIP(server)) return [server]
  const { lookup } = await import('node:dns/promises')
  const cancelled = Promise.withResolvers<never>()
  const onAbort = () => cancelled.reject(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    const found = besideExit(lookup(server, { all: true, family: family ?? 0 }))
    return (await Promise.race([found, cancelled.promise])).map(({ address }) => address)
  } catch (error) {
    signal.throwIfAborted()
    throw new ToolError('not_found', `couldn't get address for '${server}': not found`, {
      remedy: 'name the server by its address',
      fields: [{ path: 'server', message: 'a name that resolves, or an address' }],
      cause: error,
    })
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
