import { setTimeout as delay } from 'node:timers/promises'
import { type Ended, inside, podman } from './podman.ts'

/** What people do with a running container of ditty. */
export interface Toolbox {
  run(...words: string[]): Promise<Ended>
  /** What a command prints with --json, whatever its status. */
  // biome-ignore lint/suspicious/noExplicitAny: each test says itself what it expects of an event
  events(...words: string[]): Promise<any[]>
  /** One question to the API: a body that is no text goes as JSON. */
  api(method: string, path: string, body?: string | object): Promise<{ status: number; text: string }>
  /** The answer to `POST /api/v1/exec`. */
  exec(...command: string[]): Promise<{ exitCode: number; stdout: string; stderr: string }>
}

export function toolboxIn(container: string): Toolbox {
  const run = (...words: string[]) => inside(container, ...words)
  const api: Toolbox['api'] = async (method, path, body) => {
    const { origin, hash } = new URL((await run('ditty', 'url')).stdout.trim())
    const type = typeof body === 'string' ? 'application/octet-stream' : 'application/json'
    const headers = [`Authorization: Bearer ${hash.slice('#token='.length)}`, `Content-Type: ${type}`]
    const words = ['-s', '-X', method, '-w', '\n%{http_code}', ...headers.flatMap(header => ['-H', header])]
    const data = body === undefined ? [] : ['-d', typeof body === 'string' ? body : JSON.stringify(body)]
    const { stdout } = await run('curl', ...words, ...data, `${origin}${path}`)
    const end = stdout.lastIndexOf('\n')
    return { status: Number(stdout.slice(end + 1)), text: stdout.slice(0, end) }
  }
  return {
    run,
    async events(...words) {
      const { stdout } = await run(...words, '--json')
      return stdout
        .trim()
        .split('\n')
        .map(line => JSON.parse(line))
    },
    api,
    async exec(...command) {
      return JSON.parse((await api('POST', '/api/v1/exec', { command })).text)
    },
  }
}

/** Waits for the answer to a look; `logs` is the container whose log tells why it never came. */
export async function until(logs: string, look: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 30_000
  while (!(await look())) {
    if (performance.now() > deadline) throw new Error(`waited in vain: ${JSON.stringify(await podman('logs', logs))}`)
    await delay(50)
  }
}

/** Ditty's server answers. */
export const untilReady = (container: string) =>
  until(container, async () => {
    const { status } = await inside(container, 'curl', '-sf', '-o', '/dev/null', 'http://127.0.0.1:7681/readyz')
    return status === 0
  })
