import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { Agent, type IncomingMessage, request } from 'node:http'
import { dirname, join } from 'node:path'
import { freePort, untilOk } from '../probe.ts'

export const root = dirname(dirname(import.meta.dirname))
export const artifacts = join(root, 'artifacts')
export const node = process.execPath
const bundle = join(root, 'dist/main.cjs')
if (!existsSync(bundle)) throw new Error('dist/ is missing: npm run build')

const nodeFlags = readFileSync(join(root, 'dist/node-flags'), 'utf8')

/** The command line of ditty's bundle under a word, without the shell script that dist/bin puts before it. */
export const dittyCommand = (...words: string[]): string[] => [node, nodeFlags, bundle, ...words]

export const token = 'bench-token-bench-token-bench-token'
export const authorization = { authorization: `Bearer ${token}` }

/** Empty, since what somebody's own .bashrc starts would be measured too. */
const home = join(artifacts, 'home')

const agent = new Agent({ keepAlive: true })

/** A running `ditty serve`. */
export class Server implements AsyncDisposable {
  readonly child: ChildProcess
  readonly port: number

  private constructor(child: ChildProcess, port: number) {
    this.child = child
    this.port = port
  }

  /** Starts one and returns at once; `ready` waits for it. */
  static async spawn(): Promise<Server> {
    const port = await freePort()
    const [command, ...words] = dittyCommand('ditty', 'serve', '--port', String(port))
    mkdirSync(home, { recursive: true })
    const env = { ...process.env, HOME: home, DITTY_TOKEN: token }
    const child = spawn(command!, words, { env, stdio: 'ignore' })
    return new Server(child, port)
  }

  static async start(): Promise<Server> {
    const server = await Server.spawn()
    await untilOk(server.url('/readyz'))
    return server
  }

  url(path: string): string {
    return `http://127.0.0.1:${this.port}${path}`
  }

  /** The answer's body, whole and unparsed: what a pipe would hold of a command. */
  async bytes(path: string, body?: object): Promise<Buffer> {
    const headers = { ...authorization, 'content-type': 'application/json' }
    const sent = request(this.url(path), { method: body ? 'POST' : 'GET', headers, agent })
    sent.end(body && JSON.stringify(body))
    const [response] = (await once(sent, 'response')) as [IncomingMessage]
    const bytes = Buffer.concat(await Array.fromAsync(response as AsyncIterable<Buffer>))
    if (!response.statusCode?.toString().startsWith('2')) throw new Error(`${path}: ${response.statusCode} ${bytes}`)
    return bytes
  }

  /** Asks until V8 has compiled what it will: a warm server is one that has worked for a while. */
  async warm(path: string): Promise<void> {
    for (let round = 0; round < 20; round++) await this.bytes(path)
  }

  async json<Answer>(path: string, body?: object): Promise<Answer> {
    return JSON.parse((await this.bytes(path, body)).toString()) as Answer
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const gone = once(this.child, 'exit')
    this.child.kill('SIGTERM')
    await gone
  }
}
