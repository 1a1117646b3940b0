import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { RequestListener, Server } from 'node:http'
import { createServer as createHttp } from 'node:http'
import { createServer as createHttps } from 'node:https'
import { type AddressInfo, createServer as createTcp, type Socket, type Server as TcpServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Servers of one suite; `close` ends them and what is connected to them. */
export class Servers {
  readonly #servers: (Server | TcpServer)[] = []
  readonly #sockets = new Set<Socket>()

  /** Gives the server's port on 127.0.0.1. */
  http(listener: RequestListener): Promise<number> {
    return this.#listen(createHttp(listener))
  }

  https(pair: { key: string; cert: string }, listener: RequestListener): Promise<number> {
    return this.#listen(createHttps(pair, listener))
  }

  /** Answers each connection's first bytes by hand. */
  raw(answer: (socket: Socket, request: string) => void): Promise<number> {
    return this.#listen(
      createTcp(socket => {
        socket.on('error', () => undefined)
        socket.once('data', bytes => answer(socket, bytes.toString('latin1')))
      }),
    )
  }

  /** A raw server that writes this and closes. */
  says(text: string): Promise<number> {
    return this.raw(socket => socket.end(text, 'latin1'))
  }

  async #listen(server: Server | TcpServer): Promise<number> {
    this.#servers.push(server)
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket)
      socket.once('close', () => this.#sockets.delete(socket))
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return (server.address() as AddressInfo).port
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await Promise.all(this.#servers.splice(0).map(server => new Promise(resolve => server.close(resolve))))
  }
}

/** A port on which nothing listens: it was free a moment ago. */
export async function closedPort(): Promise<number> {
  const server = createTcp().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise(resolve => server.close(resolve))
  return port
}

export interface Pair {
  key: string
  cert: string
}

/** Certificates made by openssl for one suite, in a directory of their own. */
export class Authority implements Disposable {
  readonly directory = mkdtempSync(join(tmpdir(), 'ditty-fetch-'))
  readonly caPath = join(this.directory, 'ca.pem')
  readonly caText: string

  constructor() {
    this.#openssl(`req -x509 ${newKey} -keyout ca.key -out ca.pem -days 3650 -subj /CN=Harbour`)
    this.caText = readFileSync(this.caPath, 'utf8')
    writeFileSync(join(this.directory, 'index.txt'), '')
    writeFileSync(join(this.directory, 'ca.cnf'), caConfig)
  }

  /** Signed by the authority. `names` as in subjectAltName; dates as YYYYMMDDHHMMSSZ. */
  issue(names: string, dates = { from: '20200101000000Z', to: '20991231235959Z' }): Pair {
    this.#openssl(`req ${newKey} -keyout leaf.key -out leaf.csr -subj /CN=Leaf`)
    writeFileSync(join(this.directory, 'leaf.ext'), `subjectAltName=${names}\n`)
    this.#openssl(
      `ca -batch -notext -config ca.cnf -cert ca.pem -keyfile ca.key -in leaf.csr -out leaf.pem -extfile leaf.ext -startdate ${dates.from} -enddate ${dates.to}`,
    )
    return { key: this.#read('leaf.key'), cert: this.#read('leaf.pem') + this.caText }
  }

  selfSigned(name: string): Pair {
    this.#openssl(
      `req -x509 ${newKey} -keyout self.key -out self.pem -days 30 -subj /CN=${name} -addext subjectAltName=DNS:${name}`,
    )
    return { key: this.#read('self.key'), cert: this.#read('self.pem') }
  }

  #read(name: string): string {
    return readFileSync(join(this.directory, name), 'utf8')
  }

  #openssl(words: string): void {
    execFileSync('openssl', words.split(' '), { cwd: this.directory, stdio: 'ignore' })
  }

  [Symbol.dispose](): void {
    rmSync(this.directory, { recursive: true, force: true })
  }
}

const newKey = '-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes'

const caConfig = `[ca]
default_ca=harbour
[harbour]
database=index.txt
new_certs_dir=.
default_md=sha256
policy=any
unique_subject=no
rand_serial=yes
[any]
commonName=supplied
`
