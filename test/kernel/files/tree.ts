import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder with one of everything that a listing may meet. Removed by `using`. */
export interface Tree extends Disposable {
  path: string
}

const daysAgo = (days: number) => Date.now() / 1000 - days * 86_400

export async function growTree(): Promise<Tree> {
  const path = mkdtempSync(join(tmpdir(), 'ditty-tree-'))
  const at = (name: string | Buffer) => Buffer.concat([Buffer.from(`${path}/`), Buffer.from(name)])
  const file = (name: string | Buffer, size: number, days = 0) => {
    writeFileSync(at(name), 'x'.repeat(size))
    utimesSync(at(name), daysAgo(days), daysAgo(days))
  }
  for (const name of ['sub', 'sub/deep', 'sub/deep/deeper', 'empty', '.hidden', 'two words', 'locked'])
    mkdirSync(at(name))
  file('a.txt', 10)
  file('b.log', 5000, 3.4)
  file('c.tar.gz', 123_456, 40)
  file('old', 1, 400)
  file('sub/one', 1023)
  file('sub/two.log', 1025, 1.5)
  file('sub/deep/three', 0)
  file('sub/deep/deeper/four.c', 70_000, 200)
  file('.hidden/in', 3)
  file('.dot', 3)
  file("it's", 7)
  file('two words/x y', 8)
  file('new\nline', 9)
  file('tab\there', 9)
  file('esc\x1b[31m', 9)
  file('quo"te', 9)
  file('back\\slash', 9)
  file('$dollar', 9)
  file('~tilde', 9)
  file('#hash', 9)
  file('-dash', 9)
  file('中文名.txt', 12)
  file('ünï', 12)
  file('emoji😀', 12)
  file(Buffer.from([0x62, 0x61, 0x64, 0xff, 0xfe]), 12)
  for (const name of ['file1', 'file10', 'file2', 'file1.5', 'file~', 'README', 'Zed']) file(name, 4)
  file('script.sh', 20)
  chmodSync(at('script.sh'), 0o755)
  file('setuid', 20)
  chmodSync(at('setuid'), 0o4755)
  file('setgid', 20)
  chmodSync(at('setgid'), 0o2644)
  chmodSync(at('sub/deep'), 0o1777)
  chmodSync(at('empty'), 0o777)
  file('owned', 20)
  chownSync(at('owned'), 1, 4)
  file('nobodys', 20)
  chownSync(at('nobodys'), 54_321, 54_322)
  linkSync(at('a.txt'), at('hard'))
  linkSync(at('a.txt'), at('sub/hard'))
  symlinkSync('a.txt', at('link'))
  symlinkSync('sub', at('folder-link'))
  symlinkSync('nowhere', at('broken'))
  symlinkSync('loop', at('loop'))
  symlinkSync('..', at('sub/up'))
  execFileSync('mkfifo', [join(path, 'pipe')])
  execFileSync('mknod', [join(path, 'null'), 'c', '1', '3'])
  execFileSync('mknod', [join(path, 'disk'), 'b', '7', '200'])
  file('sparse', 0)
  truncateSync(at('sparse'), 10 << 20)
  const server = createServer().listen(join(path, 'socket'))
  await new Promise(resolve => server.once('listening', resolve))
  // The socket's name goes with the server: it stays until the tree goes.
  server.unref()
  return {
    path,
    [Symbol.dispose]() {
      server.close()
      rmSync(path, { recursive: true, force: true })
    },
  }
}
