/** holder.ts DIRECTORY: opens sockets and odd files, prints what a test needs of them as JSON, then `ready`. */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { closeSync, openSync, unlinkSync, writeSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { join } from 'node:path'
import { chdir } from 'node:process'

chdir(process.argv[2]!)

const tcp = createServer(() => undefined).listen(0, '127.0.0.1')
const tcp6 = createServer(() => undefined).listen(0, '::1')
const everywhere = createServer(() => undefined).listen(0)
const unix = createServer(() => undefined).listen('app.sock')
await Promise.all([tcp, tcp6, everywhere, unix].map(server => once(server, 'listening')))
const portOf = (server: { address(): unknown }) => (server.address() as AddressInfo).port

const client = connect(portOf(tcp), '127.0.0.1')
const local = connect('app.sock')
await Promise.all([once(client, 'connect'), once(local, 'connect')])

const udp = createSocket('udp4').bind(0, '127.0.0.1')
await once(udp, 'listening')
const connected = createSocket('udp4')
await new Promise<void>(resolve => connected.connect(9, '127.0.0.1', resolve))

const gone = openSync('gone', 'w+')
writeSync(gone, Buffer.alloc(20_000, 'x'))
unlinkSync('gone')
openSync('we ird\nname\x1b[31m\\x é', 'w')
closeSync(openSync('replaced', 'w'))
const directory = openSync('.', 'r')

const facts = {
  pid: process.pid,
  tcpPort: portOf(tcp),
  tcp6Port: portOf(tcp6),
  clientPort: client.localPort,
  udpPort: udp.address().port,
  gone,
  directory,
  socketPath: join(process.argv[2]!, 'app.sock'),
}
console.log(JSON.stringify(facts))
console.log('ready')
setInterval(() => undefined, 1 << 30)
