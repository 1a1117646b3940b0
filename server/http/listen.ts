import type { AddressInfo, Server } from 'node:net'
import { ToolError } from '../core/errors.ts'
import { errnoOf } from '../linux/linux.ts'

/** Ports tried from the wished one on. More would hide that something is wrong on this machine. */
const portsTried = 20

/** Listens on `port` or the next free one and gives the port it got. Port 0 is any free one. */
export async function listen(server: Server, host: string, port: number): Promise<number> {
  const last = port === 0 ? 0 : Math.min(port + portsTried - 1, 65_535)
  for (let candidate = port; candidate <= last; candidate++) {
    if (await tryListen(server, host, candidate)) return (server.address() as AddressInfo).port
  }
  throw new ToolError('unavailable', `ports ${port} to ${last} of ${host} are all taken`, {
    remedy: 'name a free one with --port, or 0 for any',
  })
}

function tryListen(server: Server, host: string, port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const onError = (error: Error) => {
      if (errnoOf(error) === 'EADDRINUSE') resolve(false)
      else reject(explained(error, host, port))
    }
    server.once('error', onError)
    server.listen(port, host, () => {
      server.off('error', onError)
      resolve(true)
    })
  })
}

function explained(error: Error, host: string, port: number): ToolError {
  const address = `${host} port ${port}`
  switch (errnoOf(error)) {
    case 'EACCES':
      return new ToolError('not_permitted', `may not listen on ${address}`, {
        remedy: 'ports below net.ipv4.ip_unprivileged_port_start (1024) need CAP_NET_BIND_SERVICE; use a higher one',
        cause: error,
      })
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new ToolError('invalid_input', `${host} is no address of this machine`, { cause: error })
    default:
      return new ToolError('unavailable', `can't listen on ${address}: ${error.message}`, { cause: error })
  }
}
