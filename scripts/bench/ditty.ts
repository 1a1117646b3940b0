import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { freePort, untilOk } from '../probe.ts'

export const root = dirname(dirname(import.meta.dirname))
export const artifacts = join(root, 'artifacts')
export const node = process.execPath
const bundle = join(root, 'dist/main.cjs')
if (!existsSync(bundle)) throw new Error('dist/ is missing: npm run build')

/** The command line of ditty's bundle under a word, without the shell script that dist/bin puts before it. */
export const dittyCommand = (...words: string[]): string[] => [node, bundle, ...words]

export const token = 'bench-token-bench-token-bench-token'
export const authorization = { authorization: `Bearer ${token}` }

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
    const child = spawn(command!, words, { env: { ...process.env, DITTY_TOKEN: token }, stdio: 'ignore' })
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

  async json<Answer>(path: string, body?: object): Promise<Answer> {
    const request = body
      ? {
          method: 'POST',
          headers: { ...authorization, 'content-type': 'application/json' },
          body: JSON.stringify(body),
        }
      : { headers: authorization }
    const response = await fetch(this.url(path), request)
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    return (await response.json()) as Answer
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const gone = once(this.child, 'exit')
    this.child.kill('SIGTERM')
    await gone
  }
}
