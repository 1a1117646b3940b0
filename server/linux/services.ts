import { errnoOf, type Linux } from './linux.ts'

/** Names of ports, by protocol: `80/tcp` -> `http`. services(5); the first name of each port. */
export function parseServices(text: string): Map<string, string> {
  const names = new Map<string, string>()
  for (const row of text.split('\n')) {
    const [name, port] = row.replace(/#.*/, '').trim().split(/\s+/)
    if (name && port && /^\d+\/\w+$/.test(port) && !names.has(port)) names.set(port, name)
  }
  return names
}

/** Ports the kernel hands out for outgoing connections: these serve nobody, whatever /etc/services says. */
export interface EphemeralRange {
  first: number
  last: number
}

/** `32768\t60999`. Source: Documentation/networking/ip-sysctl.rst, ip_local_port_range. */
export function parseEphemeralRange(text: string): EphemeralRange {
  const [first = 1, last = 0] = text.trim().split(/\s+/).map(Number)
  return { first, last }
}

/** How a port is called, as ss resolves it; undefined when nobody named it. */
export type ServiceName = (protocol: string, port: number) => string | undefined

/** Nothing has a name where there is no /etc/services, as in a scratch image. */
export function readServices(linux: Linux): ServiceName {
  const names = parseServices(readOr(linux, '/etc/services'))
  const { first, last } = parseEphemeralRange(readOr(linux, '/proc/sys/net/ipv4/ip_local_port_range'))
  return (protocol, port) => (port >= first && port <= last ? undefined : names.get(`${port}/${protocol}`))
}

function readOr(linux: Linux, path: string): string {
  try {
    return linux.read(path).toString('utf8')
  } catch (error) {
    if (errnoOf(error) === undefined) throw error
    return ''
  }
}
