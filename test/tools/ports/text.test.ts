import { expect, test } from 'vitest'
import { commandOf } from '../../../server/cli/grammar.ts'
import { parseWords } from '../../../server/cli/parse.ts'
import { parseInput } from '../../../server/core/input.ts'
import type { Chunk } from '../../../server/core/tool.ts'
import type { Event, SocketEvent } from '../../../server/tools/ports/schema.ts'
import { ports } from '../../../server/tools/ports/tool.ts'

const files = { read: async () => Buffer.alloc(0) }

async function inputOf(word: string | undefined, ...words: string[]) {
  const { draft } = await parseWords(commandOf(ports as never, word), words, files)
  const inView = (field: string) => field in ports.view.shape
  const part = (keep: boolean) => Object.fromEntries(Object.entries(draft).filter(([field]) => inView(field) === keep))
  return { input: await parseInput(ports.input, part(false)), view: await parseInput(ports.view, part(true)) }
}

const socket = (fields: Partial<SocketEvent>): SocketEvent => ({
  type: 'socket',
  protocol: 'tcp',
  family: 'inet',
  state: 'LISTEN',
  localAddress: '0.0.0.0',
  localPort: 80,
  peerAddress: '0.0.0.0',
  peerPort: 0,
  recvQ: 0,
  sendQ: 128,
  uid: 0,
  inode: 1,
  processes: null,
  why: 'unknown: because',
  ...fields,
})

const summary: Event = {
  type: 'summary',
  sockets: 1,
  counts: {},
  ownersUnknown: 1,
  ownerless: 0,
  deniedProcesses: 0,
  sources: { tcp: 'procfs' },
  notes: [],
}

async function shown(word: string | undefined, words: string[], ...events: Event[]) {
  const { input, view } = await inputOf(word, ...words)
  const text = (word ? ports.applets[word]?.text : undefined) ?? ports.text
  const render = text(input, view, { colour: false, columns: 80, isTerminal: false })
  const chunks = [...events, summary].flatMap((event): Chunk[] => {
    const chunk = render(event)
    return chunk === undefined ? [] : Array.isArray(chunk) ? chunk : [chunk]
  })
  const errors = chunks.flatMap(chunk => (typeof chunk === 'object' && 'stderr' in chunk ? [chunk.stderr] : []))
  return { output: chunks.filter(chunk => typeof chunk === 'string').join(''), errors: errors.join('') }
}

test('ss lists sockets with a peer by default, those that listen with -l, all with -a; the last one counts', async () => {
  const states = async (...words: string[]) => (await inputOf('ss', ...words)).input.state
  expect(await states()).toEqual(['ESTAB', 'SYN-SENT', 'FIN-WAIT-1', 'FIN-WAIT-2', 'CLOSE-WAIT', 'LAST-ACK', 'CLOSING'])
  expect(await states('-al')).toEqual(['LISTEN', 'UNCONN'])
  expect(await states('-la')).toEqual([])
  expect(await states('state', 'established', 'state', 'time-wait')).toEqual(['ESTAB', 'TIME-WAIT'])
})

test('ss -tulpn is TCP and UDP listeners with processes and numbers', async () => {
  expect((await inputOf('ss', '-tulpn')).input).toMatchObject({
    protocol: ['tcp', 'udp'],
    processes: true,
    services: false,
  })
})

test('ditty ports takes the flags of ss; of -l and -a the last one counts', async () => {
  const { input } = await inputOf(undefined, '-tulpn', '-4', '-6')
  expect(input).toMatchObject({ protocol: ['tcp', 'udp'], listening: true, processes: true, services: false })
  expect(input.family).toEqual(['inet', 'inet6'])
  expect((await inputOf(undefined, '-la')).input.listening).toBeNull()
  expect((await inputOf(undefined, '-al', '-x', '--services')).input).toMatchObject({
    listening: true,
    protocol: ['unix'],
    services: true,
  })
})

test('netstat reads /proc, and its -a says more than its -l in any order', async () => {
  const listening = async (...words: string[]) => (await inputOf('netstat', ...words)).input.listening
  expect(await listening()).toBe(false)
  expect(await listening('-l')).toBe(true)
  expect(await listening('-al')).toBeUndefined()
  expect(await listening('-la')).toBeUndefined()
  expect((await inputOf('netstat', '-n')).input.source).toBe('procfs')
})

test.each([
  ['ss', ['-i'], 'ss has no flag -i'],
  ['ss', ['--tipc'], 'ss has no flag --tipc'],
  ['ss', ['sport', '=', ':22'], 'sport is no filter it knows'],
  ['ss', ['state'], 'state needs a name'],
  ['ss', ['state', 'sleeping'], 'there is no state sleeping'],
  ['netstat', ['-r'], 'netstat has no flag -r'],
  [undefined, ['--protocol', 'sctp'], 'expected tcp, udp, unix'],
  ['ss', ['-e'], 'ss has no flag -e'],
  ['ss', ['-o'], 'ss has no flag -o'],
  ['ss', ['-s'], 'ss has no flag -s'],
])('%s %j is refused with a reason', async (word, words, message) => {
  await expect(inputOf(word, ...words)).rejects.toMatchObject({
    code: 'invalid_input',
    message: expect.stringContaining(message),
  })
})

test('ss leaves the cell of an unknown owner empty, and says why on standard error, once', async () => {
  const { output, errors } = await shown('ss', ['-tlnp'], socket({}))
  expect(output).toBe(
    'State  Recv-Q Send-Q Local Address:Port Peer Address:PortProcess\n' +
      'LISTEN 0      128          0.0.0.0:80        0.0.0.0:*          \n',
  )
  expect(errors).toBe('ss: owner of 1 socket unknown: because\n')
})

test('ss writes * for an address that takes IPv4 too, [::] for one that does not or may not', async () => {
  const address = async (fields: Partial<SocketEvent>) => {
    const { output } = await shown('ss', ['-tlnH'], socket({ family: 'inet6', localAddress: '::', ...fields }))
    return output.split(/ +/)[3]
  }
  expect(await address({ v6only: false })).toBe('*:80')
  expect(await address({ v6only: true })).toBe('[::]:80')
  expect(await address({})).toBe('[::]:80')
  expect(await address({ localAddress: 'fe80::1%eth0' })).toBe('[fe80::1]%eth0:80')
})

test('a queue that the kernel did not tell is ?, never 0', async () => {
  const { output } = await shown('ss', ['-tlnH'], socket({ sendQ: null }))
  expect(output).toMatch(/^LISTEN 0 +\? /)
})

test('netstat says unknown for a hidden owner and - only where there is none', async () => {
  const { output } = await shown('netstat', ['-tnlp'], socket({}), socket({ inode: 0, why: 'none' }))
  expect(output.match(/LISTEN +(\S+)/g)).toEqual(['LISTEN      unknown', 'LISTEN      -'])
})

test('the table stands listeners first and numbers each reason once', async () => {
  const { output } = await shown(
    undefined,
    [],
    socket({ state: 'ESTAB', localPort: 1 }),
    socket({ localPort: 2 }),
    socket({ localPort: 3, processes: [{ pid: 7, comm: 'nginx', fds: [6] }] }),
  )
  const lines = output.split('\n')
  expect(lines.slice(1, 4).map(line => line.split(/ {2,}/)[1])).toEqual(['LISTEN', 'LISTEN', 'ESTAB'])
  expect(lines[1]).toMatch(/unknown \[1\]$/)
  expect(lines[2]).toMatch(/7 nginx$/)
  expect(output.match(/^\[1\] unknown: because$/gm)).toHaveLength(1)
})

test.each(['ss', 'netstat', undefined])(
  '%s writes no control character that a process or path is named with',
  async word => {
    const { output } = await shown(
      word,
      ['-x', '-a'].filter(flag => word !== undefined || flag === '-x').concat(word ? ['-p'] : []),
      socket({
        protocol: 'unix',
        family: 'unix',
        socketType: 'stream',
        localPort: null,
        localAddress: '/run/\x1b[2Jx\n',
        processes: [{ pid: 7, comm: 'a\x1b]0;b\x07', fds: [6] }],
      }),
    )
    expect(output).not.toMatch(/[\x00-\x09\x0b-\x1f]/)
    if (word !== 'netstat') expect(output).toContain('\\x1b')
  },
)
