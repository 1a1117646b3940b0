import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort, untilOk } from '../probe.ts'
import { type Arena, median } from './contest.ts'
import { artifacts, authorization, Server } from './ditty.ts'
import { anonymousMiB } from './memory.ts'
import { execTime } from './timing.ts'

const gibibyte = 2 ** 30

/** A file of 1 GiB that curl fetches from ditty's files of a container, and from nginx with sendfile. */
export async function download(): Promise<Arena> {
  mkdirSync(artifacts, { recursive: true })
  const folder = mkdtempSync(join(artifacts, 'download-'))
  const file = join(folder, 'file')
  execFileSync('dd', ['if=/dev/urandom', `of=${file}`, 'bs=1M', `count=${gibibyte >> 20}`, 'status=none'])
  const server = await Server.start()
  const nginx = await startNginx(folder)
  const header = `authorization: ${authorization.authorization}`
  const ours = ['-H', header, server.url(`/api/v1/files${file}?target=self`)]
  const fetch = async (words: string[]) => execTime(['/usr/bin/curl', '-sf', '-o', '/dev/null', ...words])
  return {
    contests: [
      {
        name: 'download of 1 GiB, curl',
        unit: 'ms',
        better: 'less',
        rounds: 5,
        ours: () => fetch(ours),
        peers: { nginx: () => fetch([nginx.url]) },
        figures: [median()],
      },
      {
        name: 'download of 1 GiB, growth of RssAnon',
        unit: 'MiB',
        better: 'less',
        rounds: 3,
        ours: () => growth(server, fetchInTheBackground(ours)),
        peers: {},
        figures: [median({ absolute: 48 })],
      },
    ],
    async [Symbol.asyncDispose]() {
      await nginx[Symbol.asyncDispose]()
      await server[Symbol.asyncDispose]()
      rmSync(folder, { recursive: true })
    },
  }
}

const fetchInTheBackground = (words: string[]) =>
  spawn('/usr/bin/curl', ['-sf', '-o', '/dev/null', ...words], { stdio: 'ignore' })

/** The most that a server had more than before, while a client runs. */
async function growth(server: Server, client: ChildProcess): Promise<number> {
  const before = anonymousMiB(server)
  let most = before
  const watch = setInterval(() => {
    most = Math.max(most, anonymousMiB(server))
  }, 10)
  const [status] = await once(client, 'exit')
  clearInterval(watch)
  if (status !== 0) throw new Error(`curl ended with ${status}`)
  return most - before
}

async function startNginx(folder: string): Promise<AsyncDisposable & { url: string }> {
  const port = await freePort()
  const configuration = join(folder, 'nginx.conf')
  writeFileSync(
    configuration,
    `daemon off; worker_processes 1; pid ${folder}/nginx.pid; error_log /dev/null; user root;
    events {}
    http { access_log off; sendfile on; server { listen 127.0.0.1:${port}; root ${folder}; } }`,
  )
  const child = spawn('/usr/sbin/nginx', ['-c', configuration], { stdio: 'ignore' })
  await untilOk(`http://127.0.0.1:${port}/nginx.conf`)
  return {
    url: `http://127.0.0.1:${port}/file`,
    async [Symbol.asyncDispose]() {
      const gone = once(child, 'exit')
      child.kill('SIGTERM')
      await gone
    },
  }
}
