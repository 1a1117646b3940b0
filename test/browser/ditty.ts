import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { openPty } from '../../server/terminal/pty.ts'

const root = resolve(import.meta.dirname, '../..')
const command = join(root, 'dist/bin/ditty')

/** Where screenshots and the like are left for whoever looks at a run; git ignores it. */
export const artifacts = join(root, 'artifacts')

/** A server started as a person would start it, on a terminal, with a home of its own. */
export interface Ditty {
  /** What it printed: its address with the token. */
  printedUrl: string
  token: string
  port: number
  home: string
  close(): Promise<void>
}

/** Runs `ditty serve` of the last `npm run build`; `prepare` may put files into its home first. */
export async function startDitty(prepare?: (home: string) => Promise<void>): Promise<Ditty> {
  if (!existsSync(command)) throw new Error(`${command} is missing: npm run build makes it`)
  const home = await mkdtemp(join(tmpdir(), 'ditty-browser-'))
  await prepare?.(home)
  await mkdir(join(home, '.run'), { mode: 0o700 })
  const { pid, printedUrl, exited } = await serve(home)
  const { port, hash } = new URL(printedUrl)
  return {
    printedUrl,
    token: decodeURIComponent(hash.slice('#token='.length)),
    port: Number(port),
    home,
    async close() {
      process.kill(pid, 'SIGTERM')
      await exited
      await rm(home, { recursive: true, force: true })
    },
  }
}

/** Resolves when the address with the token was printed: that is done for a terminal alone. */
async function serve(home: string): Promise<{ pid: number; printedUrl: string; exited: Promise<void> }> {
  const printed = Promise.withResolvers<string>()
  const exited = Promise.withResolvers<void>()
  const { PATH = '' } = process.env
  const environment = { PATH, HOME: home, XDG_RUNTIME_DIR: join(home, '.run'), TERM: 'xterm', LANG: 'C.UTF-8' }
  const file = { file: command, args: ['serve', '--port', '0'], environment, cwd: home }
  let text = ''
  const { pid } = await openPty(
    file,
    { cols: 80, rows: 24 },
    {
      readable(bytes) {
        text += Buffer.from(bytes).toString()
        const address = /http:\/\/\S+#token=\S+(?=\s)/.exec(text)
        if (address) printed.resolve(address[0])
      },
      drain: () => undefined,
      exit(status) {
        printed.reject(new Error(`ditty serve ended with ${status}: ${text}`))
        exited.resolve()
      },
      end: () => undefined,
    },
  )
  return { pid, printedUrl: await printed.promise, exited: exited.promise }
}
