import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { completedWords } from '../../server/cli/completion.ts'
import { completionFile } from '../../server/main/completion.ts'
import { registry } from '../../server/tools/registry.ts'
import { startTerminals } from './terminal-server.ts'

const rcSources = join(import.meta.dirname, '../../server/terminal/rc')
const built = await completionFile(rcSources)

/** A home, and applets that print how they were called. */
function layOut() {
  const root = mkdtempSync(join(tmpdir(), 'completion-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  const [rc, bin, home] = ['rc', 'bin', 'home'].map(name => join(root, name)) as [string, string, string]
  cpSync(rcSources, rc, { recursive: true })
  writeFileSync(join(rc, 'completion.bash'), built)
  for (const directory of [bin, home]) mkdirSync(directory)
  writeFileSync(join(bin, 'ditty'), `#!/bin/sh\necho "ran: \${0##*/}" "$@"\n`, { mode: 0o755 })
  for (const word of completedWords(registry).slice(1)) symlinkSync('ditty', join(bin, word))
  return { rc, bin, home }
}

async function sitDown({ rc, bin, home } = layOut(), path = `${bin}:${process.env.PATH}`) {
  const { connect, create } = await startTerminals()
  const env = { HOME: home, PATH: path, WEB_API_SERVICE_HOST: '10.0.0.7' }
  const { id } = await create({ command: ['/bin/bash', '--rcfile', join(rc, 'bashrc'), '-i'], env, cwd: home })
  const client = connect(id)
  await client.shows('\x1b]133;B')
  return client
}

/** A word as readline lists it, in a line below: the part that was typed is in a colour of its own. */
function listed(word: string): RegExp {
  const colour = '(?:\x1b\\[[\\d;]*[mK])*'
  const letters = [...word].map(letter => `\\x${letter.charCodeAt(0).toString(16)}`)
  return new RegExp(`\n(?:.*\\s)?${colour}${letters.join(colour)}${colour}\\s`)
}

test.each([
  ['ditty pi\t', 'ditty ping'],
  ['ditty se\t --ho\t', 'ditty se --ho'],
  ['ditty ser\t --ho\t', 'ditty serve --host'],
  ['ditty completion \t', 'ditty completion bash'],
  ['ditty help nsl\t', 'ditty help nslookup'],
  ['nsloo\t -por\t53', 'nslookup -port=53'],
  ['ping web-a\t', 'ping web-api'],
  ['dig -t mx\t', 'dig -t MX'],
  ['dig +nosh\t', 'dig +noshort'],
  ['dig +bufs\t512', 'dig +bufsize=512'],
  ['ping --cou\t', 'ping --count'],
  ['dig @web-a\t', 'dig @web-api'],
  ['ditty dig +nosh\t', 'ditty dig +noshort'],
  ['find --targ\tapp --js\t', 'find --target app --json'],
  ['find 中\t', 'find 中文 名.txt'],
  ['ditty find --targ\t', 'ditty find --target'],
  ['ditty dns --class=a\t', 'ditty dns --class=ANY'],
  ['nslookup -ty\taa\t', 'nslookup -type=AAAA'],
  ['ss --lis\t', 'ss --listening'],
  ['ss state time\t', 'ss state time-wait'],
  ['curl --connect-t\t', 'curl --connect-timeout'],
  ['curl http://web-a\t', 'curl http://web-api'],
  ['curl -X PU\t', 'curl -X PUT'],
  ['curl -so 中\t', 'curl -so 中文 名.txt'],
  ['curl -d @中\t', 'curl -d @中文 名.txt'],
  ['curl --cacert=中\t', 'curl --cacert=中文 名.txt'],
  ['ps -o pid,rs\trsz', 'ps -o pid,rsrsz'],
  ['ps -o pid,cont\t', 'ps -o pid,container'],
  [`ps -p ${process.pid}\t`, `ps -p ${process.pid}`],
])('%j becomes %j', async (typed, ran) => {
  const places = layOut()
  writeFileSync(join(places.home, '中文 名.txt'), '')
  const client = await sitDown(places)
  client.type(`${typed}\r`)
  await client.shows(`ran: ${ran}`)
  await client.shows(/\x1b\]133;D;0/)
  expect(client.text.match(/ran: .*/)?.[0].trim()).toBe(`ran: ${ran}`)
})

test.each([
  ['ditty \t', ['ping', 'dns', 'serve', 'completion']],
  ['ping --\t', ['--count', '--ttl', '--tcp', '--json', '--help']],
  ['dig +\t', ['+short', '+noshort', '+time=']],
  ['ss -\t', ['-t', '-l', '-n', '--listening']],
  ['curl --\t', ['--connect-timeout', '--header', '--write-out']],
  ['ditty dns --class \t', ['IN', 'CH', 'HS', 'ANY']],
  ['ditty ports --protocol \t', ['tcp', 'udp', 'unix']],
])('%j lists %j', async (typed, words) => {
  const client = await sitDown()
  client.type(typed)
  for (const word of words) await client.shows(listed(word))
})

test('a completion that the user brings for one of the words wins', async () => {
  const places = layOut()
  writeFileSync(join(places.home, '.bashrc'), 'complete -W mine curl\n')
  const client = await sitDown(places)
  client.type('curl m\t\r')
  await client.shows('ran: curl mine')
})

test('a program that comes before the applet on PATH is not completed as the applet', async () => {
  const places = layOut()
  const other = join(places.home, 'bin')
  mkdirSync(other)
  writeFileSync(join(other, 'dig'), '#!/bin/sh\necho "other: $@"\n', { mode: 0o755 })
  writeFileSync(join(places.home, '+noshow'), '')
  const client = await sitDown(places, `${other}:${places.bin}:${process.env.PATH}`)
  client.type('dig +nosh\t\r')
  await client.shows('other: +noshow')
})

test('the tables hold a row for each word and nothing that bash would expand', () => {
  expect(built.split('\n', 1)).toEqual([`# ${completedWords(registry).join(' ')}`])
  const tables = built
    .slice(0, built.lastIndexOf('\n)\n'))
    .split('\n')
    .filter(line => line.startsWith('  ['))
  expect(tables.filter(line => /[*?$`\\]|\[.*\[/.test(line))).toEqual([])
  for (const word of completedWords(registry)) expect(built).toContain(`  ['${word}']=`)
})
