import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DnsEvent, EventOf } from '../../server/tools/dns/schema.ts'
import { records } from '../net/dns/records.ts'

/** A network namespace with a name server at addresses of its own and /etc files of its own (ip-netns(8) binds them). */
const namespace = `ditty-dns-${process.pid}`
const etc = join('/etc/netns', namespace)
const main = join(import.meta.dirname, '../../server/main.ts')
const serverAddress = '10.96.0.10'
const linkLocal = 'fe80::53%d0'

let server: ChildProcess | undefined

beforeAll(async () => {
  mkdirSync(etc, { recursive: true })
  writeFileSync(
    join(etc, 'resolv.conf'),
    `search default.svc.cluster.local svc.cluster.local cluster.local\nnameserver ${serverAddress}\noptions ndots:5\n`,
  )
  writeFileSync(join(etc, 'hosts'), '127.0.0.1 localhost\n10.244.0.3 pod.default.svc pod\n')
  const commands = [
    `ip netns add ${namespace}`,
    `ip -n ${namespace} link set lo up`,
    `ip -n ${namespace} link add d0 type veth peer name d1`,
    `ip -n ${namespace} addr add fe80::53/64 dev d0 nodad`,
    `ip -n ${namespace} link set d0 up`,
    `ip -n ${namespace} link set d1 up`,
    `ip -n ${namespace} addr add ${serverAddress}/32 dev lo`,
    `ip -n ${namespace} route add unreachable 10.0.0.66/32`,
    `ip -n ${namespace} route add prohibit 10.0.0.67/32`,
    `ip -n ${namespace} route add blackhole 10.0.0.68/32`,
  ]
  for (const command of commands) execFileSync(command.split(' ')[0]!, command.split(' ').slice(1))
  const zone = join(import.meta.dirname, '../net/dns/zone.ts')
  server = spawn('ip', ['netns', 'exec', namespace, process.execPath, zone, serverAddress, linkLocal], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(server.stdout!, 'data')
})

afterAll(async () => {
  if (server?.exitCode === null) {
    server.kill('SIGKILL')
    await once(server, 'exit')
  }
  execFileSync('ip', ['netns', 'delete', namespace])
  rmSync(etc, { recursive: true })
})

interface Ended {
  status: number
  stdout: string
  stderr: string
}

function inNamespace(program: string, words: string[]): Promise<Ended> {
  return new Promise(resolve =>
    execFile('ip', ['netns', 'exec', namespace, program, ...words], { encoding: 'utf8' }, (error, stdout, stderr) =>
      resolve({ status: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    ),
  )
}

const ours = (words: string) => inNamespace(process.execPath, [main, ...words.split(' ')])

function theirs(words: string): Promise<Ended> {
  const [program = '', ...rest] = words.split(' ')
  return inNamespace(program, rest)
}

/**
 * Leaves out what no two runs share: ids, times, and the line that repeats the command; and dig's warning that .local belongs
 * to Multicast DNS, which in a cluster would stand over every answer.
 */
const comparable = (text: string) =>
  text
    .replace(/^;; WARNING: .local is reserved for Multicast DNS\n.*\n/m, '')
    .replace(/id: \d+/g, 'id: N')
    .replace(/Query time: \d+/, 'Query time: N')
    .replace(/WHEN: \w{3} \w{3} \d\d [\d:]{8} \w+ \d{4}/, 'WHEN')
    .replace(/in \d+ ms/g, 'in N ms')
    .replace(/^; <<>> .*/m, '; <<>>')

async function expectSame(words: string): Promise<void> {
  const [our, their] = await Promise.all([ours(words), theirs(words)])
  expect({ status: our.status, text: comparable(our.stdout) }).toEqual({
    status: their.status,
    text: comparable(their.stdout),
  })
}

describe('dig, in the words and the layout of the real one', () => {
  const at = `@${serverAddress}`
  test.each([
    `${at} a.example`,
    `${at} www.example AAAA`,
    `${at} a.example TXT`,
    `${at} a.example NS`,
    `${at} nx.example`,
    `${at} nodata.example MX`,
    `${at} sf.example`,
    `${at} refused.example`,
    `${at} truncated.example`,
    `${at} truncated.example +short`,
    `${at} a.example +tcp`,
    `${at} a.example +norecurse +noedns`,
    `${at} a.example +dnssec +bufsize=4096`,
    `${at} a.example TYPE65`,
    `${at} -t mx -q a.example`,
    `${at} -x 192.0.2.1`,
    `${at} -x 2001:db8::1 +short`,
    `${at}`,
    `${at} mx`,
    `${at} long-name-that-leaves-no-room-for-columns.example +noall +answer`,
    `${at} www.example +nottlid`,
    `${at} www.example +noclass`,
    `${at} a.example +nocomments +nostats`,
    `${at} a.example +noall +comments`,
    `${at} a.example ns +noall +additional +question`,
    `${at} silent.example +time=1 +tries=2`,
    `${at} silent.example +time=1 +retry=0`,
    '@127.0.0.1 a.example +tries=2',
    'web +search +short',
    'web +short',
    'web.default +search',
    'nx +search',
    'dns.kube-system.svc.cluster.local. +search +noall +answer',
    'localhost',
  ])('dig %s', words => expectSame(`dig ${words}`))

  test('the data of every type, against which ours is held elsewhere, is written as dig writes it', async () => {
    const questions = records.flatMap(([type], at) => [`${at}.records.example`, `TYPE${type}`])
    const { stdout } = await theirs(`dig @${serverAddress} +short ${questions.join(' ')}`)
    expect(stdout.trimEnd().split('\n')).toEqual(records.map(([, , presentation]) => presentation))
  })
})

describe('host, in the words of the real one', () => {
  test.each([
    'a.example',
    'www.example',
    'web',
    'web.default',
    'nx.example',
    'nodata.example',
    '-t mx nodata.example',
    '-t txt a.example',
    '-t ns a.example',
    '-t soa a.example',
    '-t srv a.example',
    '-t caa a.example',
    'sf.example.',
    'refused.example.',
    'truncated.example',
    '192.0.2.1',
    '192.0.2.9',
    '2001:db8::1',
    `a.example ${serverAddress}`,
    `-T a.example ${serverAddress}`,
    '-v a.example',
    '-v -t mx a.example',
    '-a a.example',
    '-W 1 -R 1 silent.example.',
  ])('host %s', words => expectSame(`host ${words}`))
})

describe('nslookup, in the words of the real one', () => {
  test.each([
    'a.example',
    'www.example',
    'web',
    'nx.example',
    'nodata.example',
    'sf.example.',
    'refused.example.',
    '192.0.2.1',
    '192.0.2.9',
    '2001:db8::1',
    '-type=mx a.example',
    '-query=txt a.example',
    '-q=ns a.example',
    '-type=soa a.example',
    '-type=srv a.example',
    '-type=mx nx.example',
    '-type=aaaa nodata.example',
    `-vc a.example ${serverAddress}`,
    '-timeout=1 -retry=1 silent.example.',
  ])('nslookup %s', words => expectSame(`nslookup ${words}`))
})

async function eventsOf(words: string): Promise<DnsEvent[]> {
  const { stdout } = await ours(`dns --json ${words}`)
  return stdout
    .trim()
    .split('\n')
    .map(line => JSON.parse(line))
}

const attemptsIn = (events: DnsEvent[]) =>
  events.filter((event): event is EventOf<'attempt'> => event.type === 'attempt')

test('the addresses are those that getent finds by the same files and servers', async () => {
  for (const name of ['web', 'web.default', 'dns.kube-system', 'pod', 'localhost', 'a.example']) {
    const events = await eventsOf(`${name} -t A`)
    const found = events.filter((event): event is EventOf<'answer'> => event.type === 'answer').map(({ data }) => data)
    const { stdout } = await inNamespace('getent', ['ahostsv4', name])
    const expected = [
      ...new Set(
        stdout
          .trim()
          .split('\n')
          .map(line => line.split(/\s+/)[0]),
      ),
    ]
    expect(found.toSorted(), name).toEqual(expected.toSorted())
  }
})

test.each([
  ['10.0.0.66', 'unreachable'],
  ['10.0.0.67', 'prohibited'],
  ['10.0.0.68', 'unreachable'],
  ['127.0.0.1', 'refused'],
  ['192.0.2.200', 'unreachable'],
])('a server at %s is a finding: %s, over UDP and TCP', async (address, reason) => {
  for (const flag of ['', ' -T']) {
    const events = await eventsOf(`a.example -s ${address} -R 1 -W 2${flag}`)
    expect(attemptsIn(events)).toMatchObject([{ server: address, rcode: null, reason }])
    expect(events.at(-1)).toMatchObject({ type: 'summary', rcode: null, reason })
  }
})

test('a link-local server is asked through its zone, over UDP and TCP', async () => {
  for (const flag of ['', ' -T'])
    expect((await eventsOf(`a.example -s ${linkLocal}${flag}`)).at(-1)).toMatchObject({
      rcode: 'NOERROR',
      server: linkLocal,
      answers: 2,
    })
})

test('a dead first server in resolv.conf costs an attempt, and the second answers', async () => {
  const before = `nameserver 10.0.0.66\nnameserver ${serverAddress}\n`
  writeFileSync(join(etc, 'resolv.conf'), `search default.svc.cluster.local\n${before}options ndots:5\n`)
  const attempts = attemptsIn(await eventsOf('web'))
  expect(attempts.map(({ server, reason, rcode }) => [server, reason ?? rcode])).toEqual([
    ['10.0.0.66', 'unreachable'],
    [serverAddress, 'NOERROR'],
  ])
})

describe('exit status and errors', () => {
  test.each([
    [`dns a.example -s ${serverAddress}`, 0],
    [`dns nx.example -s ${serverAddress}`, 1],
    [`dns nodata.example -s ${serverAddress}`, 1],
    ['dns a.example -s 127.0.0.1 -R 1', 1],
    ['dns a..b', 2],
    ['dns a.example -p 70000', 2],
    ['dig +nosuch a.example', 1],
    ['dig -k key a.example', 1],
    ['dig a.example b.example', 1],
    ['dig +time=x a.example', 1],
    ['dig +notime a.example', 1],
    ['dig +short=yes a.example', 1],
    ['dig -t nosuch a.example', 1],
    ['host', 1],
    ['host a b c', 1],
    ['nslookup', 1],
    ['nslookup -debug a.example', 1],
    ['dig --help', 0],
  ])('ditty %s ends with %i', async (words, status) => {
    const ended = await ours(words)
    expect(ended.status).toBe(status)
    if (words.startsWith('dig +')) expect(ended.stderr).toContain(words.split(' ')[1]?.split('=')[0])
  })
})
