import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import type { PingEvent } from '../../server/tools/ping/schema.ts'
import { build, client, remove, silent } from './ping-network.ts'

const main = join(import.meta.dirname, '../../server/main.ts')
const running: ChildProcess[] = []

beforeAll(build)
afterAll(remove)
afterEach(async () => {
  for (const child of running.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
})

interface Ended {
  status: number
  stdout: string
  stderr: string
}

const inClient = (...command: string[]) => ['netns', 'exec', client, ...command]

function run(...command: string[]): Promise<Ended> {
  return new Promise(resolve => {
    execFile('ip', inClient(...command), { maxBuffer: 64 << 20 }, (error, stdout, stderr) => {
      resolve({ status: typeof error?.code === 'number' ? error.code : 0, stdout, stderr })
    })
  })
}

const applet = (...words: string[]) => run(process.execPath, main, 'ping', ...words)
const iputils = (...words: string[]) => run('ping', ...words)

async function events(...words: string[]): Promise<PingEvent[]> {
  const { stdout } = await applet('--json', ...words)
  return stdout
    .trim()
    .split('\n')
    .map(line => JSON.parse(line))
}

/** What is left of an output when the times, which are never twice the same, are taken out. */
const facts = (text: string) =>
  text
    .replace(/time=[\d.]+ ms/g, 'time=T ms')
    .replace(/time \d+ms/, 'time Tms')
    .replace(/= [\d./]+ ms/, '= T ms')
    .replace(/, (ipg\/ewma|pipe) .*/, '')

/** A router sends a host five errors about its IPv4 routes and then one a second (net.ipv4.route.error_cost): ask again. */
const rationed = <Answer>(ask: () => Promise<Answer>) => vi.waitFor(ask, { timeout: 20_000, interval: 1000 })

describe('as iputils says it, with the same exit status', () => {
  test.each([
    ['the own host', '-c 2 -i 0.1 127.0.0.1'],
    ['the own host by IPv6', '-c 2 -i 0.1 ::1'],
    ['a host behind a router', '-c 2 -i 0.1 10.2.0.2'],
    ['the same by IPv6', '-c 2 -i 0.1 fd02::2'],
    ['a link-local address with its zone', '-c 1 fe80::2%c0'],
    ['a large payload', '-c 1 -s 8000 10.2.0.2'],
    ['a large payload by IPv6', '-c 1 -s 8000 fd02::2'],
    ['a payload of 16 bytes', '-c 1 -s 16 10.2.0.2'],
    ['no names', '-n -c 1 10.2.0.2'],
    ['a name, with the name of the address', '-c 1 -4 localhost'],
    ['a name, with -n', '-c 1 -4 -n localhost'],
    ['quiet', '-q -c 3 -i 0.05 10.2.0.2'],
    ['a TTL that ends on the way', '-t 1 -c 2 -i 0.1 10.2.0.2'],
    ['a hop limit that ends on the way', '-t 1 -c 2 -i 0.1 fd02::2'],
    ['a TTL that is just enough', '-t 2 -c 1 10.2.0.2'],
    ['a route that the router calls unreachable, by IPv6', '-c 2 -i 0.1 fd66::1'],
    ['a route that the router prohibits, by IPv6', '-c 2 -i 0.1 fd67::1'],
    ['a black hole', '-c 2 -i 0.1 -W 0.3 10.68.0.1'],
    ['a host that drops', '-c 2 -i 0.1 -W 0.3 10.2.0.3'],
    ['a host that nobody is', '-c 1 10.1.0.99'],
    ['a deadline without replies', '-c 2 -i 0.2 -w 1 10.68.0.1'],
    ['a deadline with replies in time', '-c 2 -i 0.1 -w 5 10.2.0.2'],
  ])('%s: ping %s', async (_what, words) => {
    const [ours, theirs] = await Promise.all([applet(...words.split(' ')), iputils(...words.split(' '))])
    expect(facts(ours.stdout)).toBe(facts(theirs.stdout))
    expect({ status: ours.status, stderr: ours.stderr }).toEqual({ status: theirs.status, stderr: theirs.stderr })
  })

  test.each([
    ['a route that the router calls unreachable', '-c 1 -W 1 10.66.0.1'],
    ['a route that the router prohibits', '-c 1 -W 1 10.67.0.1'],
    ['a deadline that an error ends', '-c 5 -w 5 10.66.0.1'],
  ])('%s: ping %s', async (_what, words) => {
    const ask = (program: typeof applet) =>
      rationed(async () => {
        const ended = await program(...words.split(' '))
        expect(ended.stdout).toContain('1 packets transmitted, 0 received, +1 errors')
        return ended
      })
    const [ours, theirs] = [await ask(applet), await ask(iputils)]
    expect(facts(ours.stdout)).toBe(facts(theirs.stdout))
    expect(ours.status).toBe(theirs.status)
  })

  test.each(['no-such-host.invalid', '-6 127.0.0.1', '-4 ::1'])('ping %s', async words => {
    const [ours, theirs] = await Promise.all([applet(...words.split(' ')), iputils(...words.split(' '))])
    expect(ours).toEqual(theirs)
  })

  test.each(['10.76.0.1', '10.77.0.1', '10.78.0.1', '10.79.0.1', 'fd76::1', '-t 0 10.2.0.2', '-s 70000 10.2.0.2'])(
    'what cannot be sent ends with 2: ping -c 1 %s',
    async words => {
      if (!words.startsWith('-')) expect((await iputils('-c', '1', words)).status).toBe(2)
      expect((await applet('-c', '1', ...words.split(' '))).status).toBe(2)
    },
  )
})

describe('why a request was lost', () => {
  test.each([
    ['10.66.0.1', 'host_unreachable', '10.1.0.1', 'Destination Host Unreachable'],
    ['10.67.0.1', 'prohibited', '10.1.0.1', 'Packet filtered'],
    ['fd67::1', 'prohibited', 'fd01::1', 'Destination unreachable: Administratively prohibited'],
    ['10.1.0.99', 'host_unreachable', '10.1.0.2', 'Destination Host Unreachable'],
  ])('%s: %s, says %s', async (host, reason, peerAddress, message) => {
    await rationed(async () => {
      const [, lost] = await events('-c', '1', host)
      expect(lost).toMatchObject({ type: 'lost', seq: 1, reason, peerAddress, message, error: null })
    })
  })

  test('the router whose turn it was is named when a TTL ends', async () => {
    expect((await events('-c', '1', '-t', '1', '10.2.0.2'))[1]).toMatchObject({
      reason: 'ttl_exceeded',
      peerAddress: '10.1.0.1',
    })
  })

  test.each([
    ['10.76.0.1', 'host_unreachable', 'EHOSTUNREACH', 'No route to host'],
    ['10.77.0.1', 'prohibited', 'EACCES', 'Permission denied (a prohibit route, or a broadcast address)'],
    ['10.78.0.1', 'send_failed', 'EINVAL', 'Invalid argument (a blackhole route)'],
    ['10.79.0.1', 'net_unreachable', 'ENETUNREACH', 'Network is unreachable'],
    ['10.2.0.9', 'prohibited', 'EPERM', 'Operation not permitted (a local packet filter drops it)'],
  ])('%s: %s by our own kernel, which says %s', async (host, reason, error, message) => {
    const [, lost, summary] = await events('-c', '1', host)
    expect(lost).toMatchObject({ reason, error, message, peerAddress: null })
    expect(summary).toMatchObject({ transmitted: 1, received: 0, unsent: 1 })
  })

  test('silence is a timeout', async () => {
    const found = await events('-c', '2', '-i', '0.05', '-W', '0.2', '10.2.0.3')
    expect(found.slice(1, 3)).toMatchObject([
      { type: 'lost', seq: 1, reason: 'timeout', peerAddress: null },
      { type: 'lost', seq: 2, reason: 'timeout' },
    ])
  })
})

describe('with and without leave to open an ICMP socket', () => {
  const unprivileged = ['setpriv', '--reuid=65532', '--regid=65532', '--clear-groups', '--bounding-set=-all']
  const asNobody = (range: string, ...words: string[]) =>
    run(
      ...['sh', '-c', 'echo "$0" > /proc/sys/net/ipv4/ping_group_range && exec "$@"', range],
      ...[...unprivileged, '--inh-caps=-all', process.execPath, main, 'ping', ...words],
    )

  test('a gid inside ping_group_range gets a datagram socket, for both families', async () => {
    for (const host of ['10.2.0.2', 'fd02::2']) {
      const { stdout, status } = await asNobody('0 2147483647', '--json', '-c', '2', '-i', '0.05', host)
      expect(status).toBe(0)
      expect(JSON.parse(stdout.split('\n')[0] ?? '')).toMatchObject({ type: 'target', socket: 'datagram' })
    }
  })

  test('a datagram socket hears of errors too', async () => {
    await rationed(async () => {
      const { stdout } = await asNobody('0 2147483647', '-c', '1', '-W', '1', '10.66.0.1')
      expect(stdout).toContain('From 10.1.0.1 icmp_seq=1 Destination Host Unreachable\n')
    })
  })

  test('root outside the range gets a raw socket, and is answered alike', async () => {
    for (const host of ['10.2.0.2', 'fd02::2']) {
      const words = ['--json', '-c', '2', '-i', '0.05', host]
      const { stdout } = await run(
        ...['sh', '-c', 'echo "1 0" > /proc/sys/net/ipv4/ping_group_range && exec "$@"', 'sh'],
        ...[process.execPath, main, 'ping', ...words],
      )
      const [target, reply, , summary] = stdout.split('\n').map(line => (line ? JSON.parse(line) : undefined))
      expect([target.socket, reply.ttl, reply.bytes, summary.received]).toEqual(['raw', 63, 64, 2])
    }
  })

  test('without either it says what is missing, who lacks it and how to grant it', async () => {
    expect(await asNobody('1 0', '-c', '1', '10.2.0.2')).toEqual({
      status: 2,
      stdout: '',
      stderr:
        'ping: ICMP sockets are denied here\nping: needs CAP_NET_RAW or net.ipv4.ping_group_range to include gid 65532 (it is 1 0); kubectl debug --profile=netadmin adds it; --tcp PORT measures a TCP handshake without it\n',
    })
  })

  test('--tcp works there all the same', async () => {
    const { stdout, status } = await asNobody('1 0', '--tcp', '9', '-c', '1', '10.2.0.2')
    expect(status).toBe(1)
    expect(facts(stdout)).toContain('From 10.2.0.2 tcp_seq=1 Connection refused: the host is up time=T ms\n')
  })
})

describe('how a run ends', () => {
  function start(words: string[], namespace = client) {
    const child = spawn('ip', ['netns', 'exec', namespace, process.execPath, main, 'ping', ...words], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    running.push(child)
    let stdout = ''
    child.stdout.setEncoding('utf8').on('data', text => (stdout += text))
    const until = async (pattern: RegExp) => {
      while (!pattern.test(stdout) && child.exitCode === null) await delay(10)
    }
    return { child, until, output: () => stdout }
  }

  /** A socket is connected to 10.9.0.9 port 53, as /proc/net/udp writes it. */
  const asksNameServer = (pid: number | undefined) =>
    readFileSync(`/proc/${pid}/net/udp`, 'latin1').includes('0900090A:0035')

  test.each([
    ['10.2.0.2', /icmp_seq=2/, 0, /\n\d+ packets transmitted, [1-9]\d* received/],
    ['10.2.0.3', /PING/, 1, /\n\d+ packets transmitted, 0 received, 100% packet loss/],
  ])('Ctrl-C ends ping %s with its summary', async (host, seen, status, summary) => {
    const { child, until, output } = start(['-i', '0.1', host])
    await until(seen)
    await delay(50)
    child.kill('SIGINT')
    const [code] = await once(child, 'exit')
    expect(output()).toMatch(summary)
    expect(code).toBe(status)
  })

  test('Ctrl-C does not wait for a name server that is never heard of', async () => {
    const { child } = start(['name.example'], silent)
    while (!asksNameServer(child.pid)) await delay(10)
    child.kill('SIGINT')
    expect(await once(child, 'exit')).toEqual([130, null])
  })

  test('SIGTERM ends it as it ends iputils: by the signal, without a summary', async () => {
    const { child, until, output } = start(['10.2.0.2'])
    await until(/icmp_seq=1/)
    child.kill('SIGTERM')
    expect(await once(child, 'exit')).toEqual([null, 'SIGTERM'])
    expect(output()).not.toContain('statistics')
  })
})

test('thousands a second arrive in order and complete', async () => {
  const found = await events('-c', '20000', '-i', '0.00005', '-s', '1000', '10.2.0.2')
  const replies = found.filter(event => event.type === 'reply')
  expect(replies.map(({ seq }) => seq)).toEqual(Array.from({ length: 20_000 }, (_, at) => at + 1))
  expect(replies.every(({ rttMs, ttl, duplicate }) => rttMs >= 0 && ttl === 63 && !duplicate)).toBe(true)
})

test('an error about one run is not taken for its own by another', async () => {
  const [bad, good] = await Promise.all([
    events('-c', '30', '-i', '0.02', '-W', '0.5', '10.66.0.1'),
    events('-c', '30', '-i', '0.02', '10.2.0.2'),
  ])
  // A router answers a few of a burst and leaves the rest in silence (net.ipv4.route.error_burst).
  const reasons = new Set(bad.map(event => event.type === 'lost' && event.reason))
  expect(reasons).toContain('host_unreachable')
  expect(bad.at(-1)).toMatchObject({ received: 0 })
  expect(good.at(-1)).toMatchObject({ received: 30, errors: 0 })
})
