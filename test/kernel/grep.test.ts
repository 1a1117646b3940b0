import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { printed } from '../tools/contents/printed.ts'
import { mountSilentFuse } from './fuse/silent-fuse.ts'
import { asNobody, ditty } from './own-processes.ts'
import { openJail } from './root/jail.ts'

let folder = ''
const at = (name: string) => join(folder, name)
const environment = { ...process.env, LC_ALL: 'C.UTF-8', GREP_COLORS: '' }
const native = (words: string[], input: string | Buffer = '') => {
  const [program = '', ...rest] = words
  return spawnSync(program, rest, { input, env: environment, maxBuffer: 1 << 28 })
}

const text = `first line
Second Line with foo and FOO
foobar barfoo foo_bar foo-bar
你好 世界 foo
\tTabbed foo\r
a.b a+b a*b (a) {a} [a] a|b a\\b $a ^a
aab aaab abab abba caat
192.168.0.1 10.0.0.7 ::1

été Été ÉTÉ naïve Ωmega
x
no match here
foo at the end foo`

const many = Array.from(
  { length: 30_000 },
  (_, n) => `${n} ${n % 7 ? 'info' : 'ERROR'} id=${n * 7919} ${n % 11 ? 'été' : 'plain'}\n`,
)

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ditty-grep-'))
  chmodSync(folder, 0o755)
  writeFileSync(at('text'), text)
  writeFileSync(at('many'), many.join(''))
  writeFileSync(
    at('binary'),
    Buffer.concat([Buffer.from('foo text\n'), Buffer.from([0, 1, 2]), Buffer.from('foo\nbar foo\n')]),
  )
  writeFileSync(at('latin1'), Buffer.from('plain foo\ncaf\xe9 foo\nlast foo\n', 'latin1'))
  writeFileSync(at('zeros'), 'one foo\ntwo\0three foo\0four\0')
  writeFileSync(at('empty'), '')
  writeFileSync(at('newlines'), '\n\n\n')
  writeFileSync(at('wide'), `${'x'.repeat(900_000)}foo${'y'.repeat(900_000)}\nfoo\n`)
  mkdirSync(at('tree/sub/.hidden'), { recursive: true })
  mkdirSync(at('tree/other'))
  for (const name of ['tree/a.txt', 'tree/sub/b.txt', 'tree/sub/c.log', 'tree/sub/.hidden/d.txt', 'tree/other/e.log'])
    writeFileSync(at(name), `foo in ${name}\nbar\nFoo\n`)
  symlinkSync('sub', at('tree/link'))
  symlinkSync('a.txt', at('tree/file-link'))
  symlinkSync('nowhere', at('tree/broken'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const files = (...names: string[]) => names.map(at)

/** Prints and compares: to the letter, or line by line in any order where folders are walked. */
async function expectSame(words: string[], { sorted = false, input }: { sorted?: boolean; input?: string } = {}) {
  const expected = native(words, input)
  const { stdout, stderr, status } = await printed(words, input === undefined ? {} : { stdin: [Buffer.from(input)] })
  const shape = (bytes: Buffer) => (sorted ? bytes.toString('latin1').split('\n').sort() : bytes.toString('latin1'))
  expect(shape(stdout), words.join(' ')).toEqual(shape(expected.stdout))
  expect(stderr.split('\n').sort(), words.join(' ')).toEqual(
    expected.stderr
      .toString()
      .replace(/^grep: warning: .*\n/gm, '')
      .split('\n')
      .sort(),
  )
  expect(status, words.join(' ')).toBe(expected.status)
}

const basic = [
  'foo',
  'fo*',
  '^foo',
  'foo$',
  '^$',
  '',
  '.',
  'o\\{2\\}',
  'a\\{2,3\\}b',
  '\\(ab\\)*',
  '\\(ab\\)\\1',
  'a\\|x',
  'x\\?',
  'a\\+b',
  '[[:upper:]][[:lower:]]*',
  '[^a-z]',
  '[]a]',
  '[^]a]',
  '[a\\]',
  '\\.',
  'a.b',
  'a*b',
  '*b',
  '\\(*b\\)',
  '^*',
  '(a)',
  '{a}',
  'a|b',
  'a+b',
  '\\<foo\\>',
  '\\bfoo',
  'foo\\B',
  '\\w\\+',
  '\\W',
  '\\s',
  '\\S$',
  '\\$a',
  'x^',
  '$a',
  '^a',
  '[0-9]\\{1,3\\}\\.',
  '世',
  '世.',
  '[你世]',
  'ét.',
  '.t.',
  '[[:alpha:]]',
  '[[:digit:]]',
  '[[:space:]]',
  '[[:punct:]]',
  '^.$',
  'é*t',
  '[[.a.]]b',
  '[[=a=]]b',
  '[a-]b',
  'a\\\\b',
  'first\nfoo$',
  'na[^x]ve',
  '^[^ ]*$',
  'Ω',
  '\\(a\\)\\(b\\)\\2\\1',
]
test.each(basic)('a basic expression finds what GNU finds: %j', async pattern => {
  for (const flags of [[], ['-o'], ['-i'], ['-v', '-n'], ['-w', '-o'], ['-x'], ['-c'], ['-ob']])
    await expectSame(['grep', ...flags, '-e', pattern, at('text')])
})

const extended = [
  'foo|first',
  '(a|b)+',
  'a{2}',
  'a{2,}',
  'a{,2}b',
  'a{x',
  '(ab)\\1',
  '(foo|bar){2}',
  '^(foo|first)',
  '(^|[^o])foo',
  'foo($|[^b])',
  '()',
  'a||x',
  '*b',
  '+b',
  'a**',
  '(a*)+',
  '[0-9]+(\\.[0-9]+){3}',
  '\\(a\\)',
  '\\{a',
  'a\\|b',
  '[[:alnum:]_]+$',
  '\\<.',
  '.\\>',
  '(x|)$',
  '^',
  '$',
  '(naïve|été)',
  '[é]t',
  '[^[:alnum:][:space:]]+',
  'ERROR|info',
  '(((f)))oo',
  'b(a|b)*t?',
  '(aa|aaa)b',
]
test.each(extended)('an extended expression finds what GNU finds: %j', async pattern => {
  for (const flags of [[], ['-o'], ['-i'], ['-w'], ['-x', '-n'], ['-v']])
    await expectSame(['grep', '-E', ...flags, '-e', pattern, at('text')])
})

test.each(['foo', 'a.b', '$a', 'FOO', '', 'a\\b', '世界', 'foo\nfirst', 'é'])(
  'a text finds what GNU finds: %j',
  async pattern => {
    for (const flags of [[], ['-o'], ['-i'], ['-w'], ['-x'], ['-io'], ['-v', '-n']])
      await expectSame(['grep', '-F', ...flags, '-e', pattern, at('text')])
  },
)

const broken = [
  '[a',
  '\\(a',
  'a\\)',
  'a\\{1',
  'a\\{2,1\\}',
  '[[:foo:]]',
  '[b-a]',
  'a\\',
  '\\1',
  '[:space:]',
  'a\\{99999\\}',
]
test.each(broken)('an expression that is none is refused in the words of GNU: %j', async pattern => {
  await expectSame(['grep', '-e', pattern, at('text')])
})

const flags = [
  '-n',
  '-b',
  '-c',
  '-l',
  '-L',
  '-q',
  '-H',
  '-h',
  '-Hn',
  '-Hnb',
  '-HZ',
  '-lZ',
  '-cZ',
  '-T',
  '-m1',
  '-m0',
  '-m2 -A1',
  '-A1',
  '-B1',
  '-C1',
  '-1',
  '-A1 -B3 -n',
  '-nC1 -H',
  '-v',
  '-vc',
  '-vn',
  '-vm3',
  '-o',
  '-on',
  '-ob',
  '-oHn',
  '-oC1',
  '-s',
  '--line-buffered',
  '--label=x -H',
  '-i',
  '-y',
  '-z',
  '-zo',
  '-zc',
  '-C1 --group-separator=XX',
  '-C1 --no-group-separator',
  '--color=always',
  '--color=always -nHb',
  '--color=always -C1 -n',
  '--color=always -o',
  '--color=always -c',
  '--color=always -l',
  '--color=always -v',
  '--color=always -i',
  '--color=never -n',
  '-a',
  '-I',
  '--binary-files=text',
  '--binary-files=without-match',
  '-r',
  '-rH',
]
test.each(flags)('grep %s prints what GNU prints', async flag => {
  const words = ['grep', ...flag.split(' '), 'foo']
  // There GNU counts a line that it leaves out as one of those behind it.
  const invalid = flag === '-m2 -A1' ? [] : [['latin1'], ['binary', 'latin1', 'text']]
  for (const names of [['text'], ['text', 'empty', 'many', 'newlines'], ['binary'], ...invalid, ['zeros'], ['wide']])
    await expectSame([...words, ...files(...names)])
})

test.each(['-n', '-c', '-o', '-nC2', '-vc', '-m5', '-nB3 -m9', '-i', '-w', '-b'])(
  'a large file with grep %s',
  async flag => {
    for (const pattern of [
      'ERROR',
      'ERROR.*plain',
      '7919',
      '[0-9] info id=[0-9]*9 .té',
      'error',
      '0',
      'info$',
      'pl[a-z]in$',
      '^29999 ',
    ])
      await expectSame(['grep', ...flag.split(' '), pattern, at('many')])
  },
)

test.each([
  '-r',
  '-R',
  '-rl',
  '-rc',
  '-rL',
  '-rn',
  '-rh',
  '-ri --include=*.txt',
  '-r --exclude=*.txt',
  '-r --exclude-dir=sub',
  '-r --exclude-dir=.*',
  '-r --include=?.log',
  '-r --include=[ab].txt',
  '-R --exclude-dir=link',
])('folders are walked as GNU walks them: %s', async flag => {
  await expectSame(['grep', ...flag.split(' '), 'foo', at('tree')], { sorted: true })
  await expectSame(['grep', ...flag.split(' '), 'foo', `${at('tree')}/`, at('text')], { sorted: true })
})

test('what is no file, or not there, is named as GNU names it', async () => {
  await expectSame(['grep', 'foo', at('tree'), at('nosuch'), at('text')])
  await expectSame(['grep', '-s', 'foo', at('nosuch'), at('text')])
  await expectSame(['grep', '-q', 'foo', at('text'), at('nosuch')])
  await expectSame(['grep', '-q', 'foo', at('nosuch'), at('text')])
  await expectSame(['grep', '-d', 'recurse', 'foo', at('tree/sub')], { sorted: true })
})

test('standard input, where nothing else is named', async () => {
  for (const words of [
    ['grep', 'foo'],
    ['grep', '-Hn', 'foo', '-'],
    ['grep', '-c', 'foo', '-', at('text')],
    ['grep', '-e', 'a', '-e', 'foo'],
  ])
    await expectSame(words, { input: 'a foo\nb\nfoo' })
})

test('egrep and fgrep are grep -E and grep -F', async () => {
  for (const [word, flag] of [
    ['egrep', '-E'],
    ['fgrep', '-F'],
  ] as const) {
    const { stdout, status } = await printed([word, '-n', 'a+b', at('text')])
    const expected = native(['grep', flag, '-n', 'a+b', at('text')])
    expect(stdout.toString()).toBe(expected.stdout.toString())
    expect(stdout.length).toBeGreaterThan(0)
    expect(status).toBe(0)
  }
})

test('patterns come out of a file', async () => {
  writeFileSync(at('patterns'), 'first\nbar\n')
  const { stdout } = await printed(['grep', '-f', '-', at('text')], { stdin: [Buffer.from('first\nbar\n')] })
  expect(stdout.toString()).toBe(native(['grep', '-f', at('patterns'), at('text')]).stdout.toString())
})

test("Perl's expressions are read as JavaScript's", async () => {
  for (const pattern of [
    'foo(?=bar)',
    '(?<=foo )and',
    '\\d+\\.\\d+',
    '\\bfoo\\b',
    '^\\s*$',
    '(?<x>a)\\k<x>',
    '[[:upper:]]\\w+',
    '\\Afirst',
    '世.',
  ])
    for (const flag of ['-P', '-Po', '-Pi', '-Pv']) await expectSame(['grep', flag, pattern, at('text')])
  const { status, stderr } = await printed(['grep', '-P', 'a++b(?R)', at('text')])
  expect([status, stderr]).toEqual([2, expect.stringContaining('no expression that can be looked for')])
})

test('a pattern that would try for ever is matched by the engine that does not', async () => {
  const line = `${'a'.repeat(60)}b\n`
  writeFileSync(at('repeats'), `${line}aaa\n${line}`)
  await expectSame(['grep', '-nE', '(a+)+$', at('repeats')])
  await expectSame(['grep', '-nE', '(a|aa)+c', at('repeats')])
  await expectSame(['grep', '-oE', '(a+)+$', at('repeats')])
})

test('one that needs to remember what it tried is refused in time', async () => {
  writeFileSync(at('repeats'), `${'a'.repeat(60)}b\n`)
  const { status, stderr } = await printed(['grep', '-E', '(a*)*\\1c', at('repeats')])
  expect([status, stderr]).toEqual([2, expect.stringContaining('takes too long to match')])
})

test('a line longer than may be is searched in pieces, and told of', async () => {
  writeFileSync(at('endless'), Buffer.alloc(40 << 20, 'x'))
  const { status, stderr, stdout } = await printed(['grep', '-c', 'y', at('endless')])
  expect([stdout.toString(), status]).toEqual(['0\n', 2])
  expect(stderr).toContain('was searched in pieces')
})

test('a file that shrinks while it is searched ends where it ends', async () => {
  writeFileSync(at('shrinking'), 'foo\n'.repeat(1 << 20))
  const { stdout, status } = await printed(['grep', 'foo', at('shrinking')], {
    onEvent: () => truncateSync(at('shrinking'), 1 << 20),
  })
  expect(status).toBe(0)
  expect(stdout.length).toBeLessThan(4 << 20)
})

test('what may not be read is told with its mode and owner, and the rest is searched', () => {
  mkdirSync(at('guarded/closed'), { recursive: true })
  writeFileSync(at('guarded/secret'), 'foo')
  writeFileSync(at('guarded/open'), 'foo\n')
  chmodSync(at('guarded/secret'), 0o600)
  chmodSync(at('guarded/closed'), 0o700)
  const { stdout, stderr, status } = ditty(['grep', '-r', 'foo', at('guarded')], ...asNobody)
  expect(stdout).toBe(`${at('guarded/open')}:foo\n`)
  expect(stderr).toContain(`grep: ${at('guarded/secret')}: Permission denied\n`)
  expect(stderr).toMatch(/secret: UID 65532 may not read it: has mode 0600 and is owned by 0:0; run ditty as UID 0/)
  expect(stderr).toContain(`grep: ${at('guarded/closed')}: Permission denied\n`)
  expect(status).toBe(2)
})

test("a container's folders, a dead mount among them, and no way out", async () => {
  await using jail = await openJail()
  for (const name of ['app/dead', 'app/proc']) mkdirSync(join(jail.inside, name), { recursive: true })
  writeFileSync(join(jail.inside, 'app/config'), 'needle\n')
  writeFileSync(join(jail.outside, 'config'), 'needle outside\n')
  symlinkSync('/../outside', join(jail.inside, 'app/out'))
  await using _fuse = await mountSilentFuse(join(jail.inside, 'app/dead'))
  const { stdout, stderr, status } = await printed(['grep', '-R', '--target', String(jail.pid), 'needle', 'app'])
  expect(stdout.toString()).toBe('app/config:needle\n')
  expect(stderr).toMatch(/grep: app\/dead: .*fuse\S* mounted there does not answer/)
  expect(stderr).toMatch(/grep: app\/out: No such file or directory/)
  expect(status).toBe(2)
})

test('what the kernel makes up is left out of a walk', async () => {
  const skipped: unknown[] = []
  await printed(['ditty', 'grep', '--recursive', '--exclude-dir', '[!p]*', 'needle', '/'], {
    onEvent: event => event.type === 'skipped' && skipped.push(event),
  })
  expect(skipped).toContainEqual({ type: 'skipped', path: '/proc', why: 'made up by the kernel (proc)' })
})

test('events say where, and what of it', async () => {
  const events: object[] = []
  await printed(
    ['ditty', 'grep', '-C', '1', '世', at('text')].filter(word => word !== '-C' && word !== '1'),
    {
      onEvent: event => events.push(JSON.parse(JSON.stringify(event))),
    },
  )
  expect(events).toEqual([
    {
      type: 'match',
      path: at('text'),
      lineNumber: 4,
      byteOffset: Buffer.byteLength(text.split('你')[0]!),
      text: '你好 世界 foo',
      encoding: 'utf8',
      submatches: [{ start: 7, end: 10 }],
    },
    expect.objectContaining({ type: 'summary', files: 1, filesMatched: 1, matches: 1, troubles: 0 }),
  ])
})
