import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { decode, encode, type Packet, type Question } from 'dns-packet'

export interface Asked {
  packet: Packet
  question: Question
  transport: 'udp' | 'tcp'
}

/** A packet goes back with the query's id and question; bytes go back as they are; undefined is silence. */
export type Answering = (asked: Asked) => Partial<Packet> | Buffer | undefined | Promise<Buffer>

export interface DnsServer {
  address: string
  port: number
  /** Every query it got, in order. */
  asked: Asked[]
  close(): Promise<void>
}

/** A real name server, UDP and TCP on one port of its own. */
export async function startDnsServer(answer: Answering, address = '127.0.0.1', port = 0): Promise<DnsServer> {
  const asked: Asked[] = []
  const respond = async (bytes: Buffer, transport: 'udp' | 'tcp') => {
    const packet = decode(bytes)
    const query: Asked = { packet, question: packet.questions![0]!, transport }
    asked.push(query)
    const answered = await answer(query)
    return answered && !Buffer.isBuffer(answered) ? responseTo(packet, answered) : answered
  }
  const open = new Set<Socket>()
  const tcp = createServer(socket => {
    open.add(socket)
    socket.on('error', () => undefined)
    socket.on('data', async bytes => {
      const response = await respond(bytes.subarray(2), 'tcp')
      if (!response) return
      const length = Buffer.alloc(2)
      length.writeUInt16BE(response.length)
      socket.write(Buffer.concat([length, response]))
    })
  }).listen(port, address)
  await once(tcp, 'listening')
  const bound = (tcp.address() as AddressInfo).port
  const udp = createSocket(address.includes(':') ? 'udp6' : 'udp4')
  udp.on('message', async (bytes, peer) => {
    const response = await respond(bytes, 'udp')
    if (response) udp.send(response, peer.port, peer.address)
  })
  udp.bind(bound, address)
  await once(udp, 'listening')
  const close = async () => {
    udp.close()
    for (const socket of open) socket.destroy()
    tcp.close()
    await Promise.all([once(udp, 'close'), once(tcp, 'close')])
  }
  return { address, port: bound, asked, close }
}

export function responseTo(query: Packet, response: Partial<Packet>): Buffer {
  const { id = 0, questions = [] } = query
  return encode({ type: 'response', id, questions, ...response, flags: (response.flags ?? 0) | 0x0180 })
}

export const rcodes = { NOERROR: 0, SERVFAIL: 2, NXDOMAIN: 3, NOTIMP: 4, REFUSED: 5 }

/** A record whose data is given octet by octet, of any type. */
export const rawRecord = (name: string, type: number, data: Buffer, ttl = 300) =>
  ({ name, type: `UNKNOWN_${type}`, class: 'IN', ttl, data }) as never
