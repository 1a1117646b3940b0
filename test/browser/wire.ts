import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A stretch of network between the page and ditty that can be cut, like a port-forward that died. */
export interface Wire {
  port: number
  /** Ends every connection; new ones get through. */
  cut(): void
  /** And refuses new ones until `mend`. */
  sever(): void
  /** No connection passes anything or hears of an end, as behind a lid that was shut; `mend` helps new ones alone. */
  freeze(): void
  mend(): void
  close(): Promise<void>
}

export async function startWire(to: number): Promise<Wire> {
  const sockets = new Set<Socket>()
  let severed = false
  let frozen = false
  const server = createServer(near => {
    if (severed) return near.resetAndDestroy()
    const far = connect(to, '127.0.0.1')
    for (const [from, into] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from)
      from.on('close', () => sockets.delete(from))
      from.on('error', () => into.destroy())
      if (!frozen) from.pipe(into)
    }
    return undefined
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const cut = () => {
    for (const socket of sockets) socket.resetAndDestroy()
  }
  return {
    port: (server.address() as AddressInfo).port,
    cut,
    sever() {
      severed = true
      cut()
    },
    mend() {
      severed = false
      frozen = false
    },
    freeze() {
      frozen = true
      for (const socket of sockets) socket.unpipe().pause()
    },
    async close() {
      cut()
      server.close()
      await once(server, 'close')
    },
  }
}
