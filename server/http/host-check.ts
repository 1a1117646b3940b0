import type { IncomingMessage } from 'node:http'
import { Problem } from './problem.ts'

const loopbackNames = ['localhost', '127.0.0.1', '[::1]']

/**
 * Refuses a request whose `Host` doesn't name this server. A page on evil.example can point that name at 127.0.0.1 (DNS
 * rebinding) and is then same-origin with us; but its browser still says `Host: evil.example`.
 */
export function checkHost(request: IncomingMessage, allowedNames: readonly string[]): void {
  const name = hostName(request.headers.host)
  const allowed = [...loopbackNames, ...allowedNames.map(name => name.toLowerCase()), localAddress(request)]
  if (name !== undefined && allowed.includes(name)) return
  throw new Problem('forbidden_host', `this server doesn't answer to the name '${request.headers.host ?? ''}'`, {
    remedy: 'use localhost or 127.0.0.1, or start ditty with --allow-host NAME',
  })
}

/** The name in a Host header, lower case, without its port; undefined when it isn't one. */
function hostName(host: string | undefined): string | undefined {
  return /^(\[[\da-f:.]+\]|[^\s:[\]/@]+)(?::\d+)?$/i.exec(host ?? '')?.[1]?.toLowerCase()
}

/** The address this connection came to, as a Host header writes it: bound to 0.0.0.0, that is any address of ours. */
function localAddress({ socket }: IncomingMessage): string {
  const address = socket.localAddress?.replace(/^::ffff:(?=\d+\.)/, '') ?? ''
  return address.includes(':') ? `[${address}]` : address
}
