import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort, untilOk } from '../probe.ts'
import { artifacts } from './ditty.ts'

const house = join(artifacts, 'ttyd')
const files = join(house, 'root')
const libraries = join(files, 'usr/lib/x86_64-linux-gnu')
const plugin = 'libwebsockets-evlib_uv.so'

/**
 * Unpacks Debian sid's ttyd with its libraries into a folder of its own. libwebsockets looks for its event loop in
 * LD_LIBRARY_PATH alone, so a folder holds just that plugin: the programs that ttyd starts must not see sid's libc.
 */
function install(): void {
  if (existsSync(join(house, 'plugin', plugin))) return
  for (const folder of ['state/lists/partial', 'cache/archives/partial', 'root', 'plugin']) {
    mkdirSync(join(house, folder), { recursive: true })
  }
  const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg'
  writeFileSync(join(house, 'status'), '')
  writeFileSync(join(house, 'sources.list'), `deb [signed-by=${keyring}] http://deb.debian.org/debian sid main\n`)
  const settings = {
    'Dir::State': join(house, 'state'),
    'Dir::State::status': join(house, 'status'),
    'Dir::Cache': join(house, 'cache'),
    'Dir::Etc::sourcelist': join(house, 'sources.list'),
    'Dir::Etc::sourceparts': '/dev/null',
    'APT::Install-Recommends': '0',
    'Debug::NoLocking': '1',
  }
  const options = Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`])
  execFileSync('apt-get', [...options, 'update', '-q'], { stdio: 'ignore' })
  execFileSync('apt-get', [...options, 'install', '-qy', '--download-only', 'ttyd'], { stdio: 'ignore' })
  const archives = join(house, 'cache/archives')
  for (const name of readdirSync(archives).filter(name => name.endsWith('.deb'))) {
    execFileSync('dpkg', ['-x', join(archives, name), files])
  }
  copyFileSync(join(libraries, plugin), join(house, 'plugin', plugin))
}

/** A running ttyd that starts `command` for each connection. */
export class Ttyd implements AsyncDisposable {
  readonly port: number
  readonly #child: ChildProcess

  private constructor(port: number, child: ChildProcess) {
    this.port = port
    this.#child = child
  }

  static async start(command: string[]): Promise<Ttyd> {
    install()
    const port = await freePort()
    const loader = join(files, 'usr/lib64/ld-linux-x86-64.so.2')
    const words = [
      '--library-path',
      libraries,
      join(files, 'usr/bin/ttyd'),
      '-p',
      String(port),
      '-i',
      '127.0.0.1',
      '-W',
      // By default it pings every 5 s, doesn't see the pong of a page that draws a flood, and begins again with a new shell.
      '-P',
      '300',
    ]
    const env = { ...process.env, LD_LIBRARY_PATH: join(house, 'plugin') }
    const child = spawn(loader, [...words, ...command], { env, stdio: 'ignore' })
    await untilOk(`http://127.0.0.1:${port}/`)
    return new Ttyd(port, child)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const gone = once(this.#child, 'exit')
    this.#child.kill('SIGKILL')
    await gone
  }
}
