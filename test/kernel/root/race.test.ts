import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { errnoOf, linuxAt } from '../../../server/linux/linux.ts'
import { inDirectory } from '../../../server/linux/resolve-path.ts'
import { SpecialFileError } from '../../../server/linux/root/folder.ts'
import { removeTree } from '../../../server/linux/root/remove-tree.ts'
import { type FileRoot, openRoot } from '../../../server/linux/root/root.ts'
import { walkTree } from '../../../server/transfer/tree.ts'
import { end, openJail } from './jail.ts'

const linux = linuxAt('/')
const minuteMs = 60_000

/** Exchanges two names all the while, by renameat2 with RENAME_EXCHANGE, and puts back what is deleted; counts at its end. */
const flipper = `
import ctypes, os, signal, sys
libc = ctypes.CDLL(None)
a, b, victim, target = (os.fsencode(word) for word in sys.argv[1:5])
count = [0]
def stop(*_):
    print(count[0], flush=True)
    os._exit(0)
signal.signal(signal.SIGTERM, stop)
print("ready", flush=True)
while True:
    libc.renameat2(-100, a, -100, b, 2)
    count[0] += 1
    if count[0] % 64 == 0:
        try: os.close(os.open(victim, os.O_CREAT | os.O_WRONLY | os.O_NOFOLLOW))
        except OSError: pass
    if target:
        libc.renameat2(-100, a, -100, b, 2)
        for renew in (lambda: os.mkdir(a), lambda: os.rmdir(b), lambda: os.symlink(target, b)):
            try: renew()
            except OSError: pass`

/** `target`: where `other` points, for one that may be deleted. */
async function flip(one: string, other: string, victim: string, target = ''): Promise<ChildProcess> {
  const child = spawn('python3', ['-c', flipper.trim(), one, other, victim, target], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout!, 'data')
  return child
}

async function flipsOf(child: ChildProcess): Promise<number> {
  const told = once(child.stdout!, 'data')
  child.kill('SIGTERM')
  const [count] = await told
  await end(child)
  return Number(String(count))
}

/** What a race may end in: it isn't there, a link leads nowhere, or it is another thing than was asked for. */
const lost = ['ENOENT', 'ENOTDIR', 'ELOOP', 'EISDIR', 'EEXIST', 'EAGAIN', 'EXDEV', 'EINVAL']

const deeds = ['read', 'list', 'write', 'delete', 'deleteAll', 'walk'] as const

class Intruder {
  readonly #root: FileRoot
  readonly #paths: Buffer[]
  readonly escapes: string[] = []
  readonly unexpected: string[] = []
  readonly done = { read: 0, list: 0, write: 0, delete: 0, deleteAll: 0, walk: 0 }
  #turn = 0

  constructor(root: FileRoot, paths: string[]) {
    this.#root = root
    this.#paths = paths.map(path => Buffer.from(path))
  }

  async once(): Promise<void> {
    const path = this.#paths[this.#turn++ % this.#paths.length]!
    for (const deed of deeds)
      try {
        await this[deed](path)
        this.done[deed]++
      } catch (error) {
        const known = error instanceof SpecialFileError || lost.includes(errnoOf(error) ?? '')
        if (!known) this.unexpected.push(`${deed} ${path}: ${error}`)
      }
  }

  async read(path: Buffer): Promise<void> {
    using file = await this.#root.open(Buffer.concat([path, Buffer.from('/f')]))
    const content = (await file.beginning(64)).toString()
    if (content !== 'inside') this.escapes.push(`read ${path}: ${content}`)
  }

  async list(path: Buffer): Promise<void> {
    using folder = await this.#root.folder(path)
    for await (const slice of folder.entries(true))
      for (const { name } of slice) if (name.toString() === 'secret') this.escapes.push(`listed ${path}`)
  }

  async write(path: Buffer): Promise<void> {
    using folder = await this.#root.folder(path)
    const file = await open(inDirectory(folder, Buffer.from('written')), 'w')
    await file.close()
    await folder.makeFolder(Buffer.from('made')).catch(error => {
      if (errnoOf(error) !== 'EEXIST') throw error
    })
  }

  async delete(path: Buffer): Promise<void> {
    const { folder, name } = await this.#root.parent(Buffer.concat([path, Buffer.from('/victim')]))
    using _ = folder
    await folder.unlink(name)
  }

  /** A whole folder, which may be exchanged for a link to what is outside while it is emptied. */
  async deleteAll(path: Buffer): Promise<void> {
    const { folder, name } = await this.#root.parent(Buffer.concat([path, Buffer.from('/whole')]))
    using _ = folder
    for (let rounds = 0; rounds < 50; rounds++) {
      await folder.makeFolder(name).catch(() => undefined)
      await removeTree(folder, name, AbortSignal.timeout(minuteMs))
    }
  }

  async walk(path: Buffer): Promise<void> {
    using folder = await this.#root.folder(path)
    for await (const entry of walkTree(folder))
      if (entry.kind === 'file' && entry.status.size === 'outside'.length)
        this.escapes.push(`walked ${path}: ${entry.path}`)
  }
}

test('for a minute others exchange directories and links: nothing outside is read, listed, written or deleted', {
  timeout: 180_000,
}, async () => {
  await using jail = await openJail()
  const { inside, outside } = jail
  const names = ['f', 'secret', 'victim']
  for (const name of names) writeFileSync(join(outside, name), 'outside')
  for (const name of ['deep', 'one', 'two']) mkdirSync(join(outside, name))
  for (const name of names) writeFileSync(join(outside, 'deep', name), 'outside')
  // Where an absolute link leads when it is followed in the root.
  const mirror = join(inside, outside)
  for (const folder of [
    mirror,
    join(inside, 'd'),
    join(inside, 'x/y/z'),
    join(inside, 'e'),
    join(inside, 'x/y/w/deep'),
  ]) {
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'f'), 'inside')
    writeFileSync(join(folder, 'victim'), '')
  }
  symlinkSync(outside, join(inside, 'absolute'))
  symlinkSync(`../../../../../../../../..${outside}`, join(inside, 'x/y/relative'))
  symlinkSync('../../outside', join(inside, 'x/sideways'))
  const before = [readdirSync(outside).sort(), readdirSync(join(outside, 'deep')).sort()]

  const flippers = [
    await flip(join(inside, 'd'), join(inside, 'absolute'), join(inside, 'd/victim')),
    await flip(join(inside, 'x/y/z'), join(inside, 'x/y/relative'), join(inside, 'x/y/z/victim')),
    // A folder that moves up and down while dots lead through it.
    await flip(join(inside, 'x/y/w'), join(inside, 'e'), join(inside, 'e/victim')),
    // A folder that is exchanged for a link to what is outside while it is removed with all that is in it.
    await flip(join(inside, 'e/whole'), join(inside, 'e/fake'), join(inside, 'e/victim'), outside),
  ]
  const paths = [
    'd',
    '/x/y/z',
    'x/y/relative',
    'absolute',
    'x/y/w/deep/../../../../../../outside',
    'x/y/w/deep/../../..',
    'e/deep/../..',
    'x/y/w/deep/../../z',
    'e',
  ]
  using byCall = await openRoot(linux, jail.pid, { by: 'openat2' })
  using bySteps = await openRoot(linux, jail.pid, { by: 'steps' })
  writeFileSync(join(inside, 'f'), 'inside')
  const intruders = [new Intruder(byCall, paths), new Intruder(bySteps, paths)]
  const until = performance.now() + minuteMs
  try {
    while (performance.now() < until) {
      for (const intruder of intruders) await intruder.once()
      await new Promise(resolve => setImmediate(resolve))
    }
  } finally {
    const flips = await Promise.all(flippers.map(flipsOf))
    expect(Math.min(...flips)).toBeGreaterThan(100)
  }
  for (const { escapes, unexpected, done } of intruders) {
    expect(escapes).toEqual([])
    expect(unexpected).toEqual([])
    for (const count of Object.values(done)) expect(count).toBeGreaterThan(0)
  }
  expect([readdirSync(outside).sort(), readdirSync(join(outside, 'deep')).sort()]).toEqual(before)
  for (const name of names) expect(readFileSync(join(outside, name), 'utf8')).toBe('outside')
})
