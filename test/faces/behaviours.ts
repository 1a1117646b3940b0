import { readdirSync, readFileSync, statfsSync, statSync } from 'node:fs'
import { machine, release, totalmem } from 'node:os'
import { expect } from 'vitest'
import type { World } from './world.ts'

/** What a face gave back: the events and the summary of a run, or why there was none. */
export interface Answer {
  events: Event[]
  summary?: Event
  outcome?: 'positive' | 'negative'
  error?: { code: string; message: string; remedy?: string; fields?: { path: string; message: string }[] }
}

export type Event = { type: string } & Record<string, unknown>

/** One thing a tool promises, to be proven through every face with the same words. */
export interface Behaviour {
  tool: string
  /** Ends the sentence "TOOL …". */
  does: string
  input(world: World): object
  /** The same as a command line of `ditty TOOL`. */
  words(world: World): string[]
  /** Exit status of the command line; a face without one proves the outcome or the error it stands for. */
  status: 0 | 1 | 2
  /** Whether GET may do it. */
  readOnly: boolean
  expects(answer: Answer, world: World): void
}

const ofType = ({ events }: Answer, type: string) => events.filter(event => event.type === type)

function bytesAt(path: string): number {
  const { blocks, frsize } = statfsSync(path)
  return blocks * frsize
}

const wrongField = (path: string, message: RegExp) => (answer: Answer) => {
  expect(answer.error).toMatchObject({ code: 'invalid_input', message: expect.stringMatching(message) })
  const paths = answer.error?.fields?.map(field => field.path)
  if (paths) expect(paths).toEqual([path])
}

export const behaviours: Behaviour[] = [
  {
    tool: 'ping',
    does: 'measures a host that answers',
    input: () => ({ host: '127.0.0.1', count: 2, intervalSeconds: 0.01 }),
    words: () => ['-c', '2', '-i', '0.01', '127.0.0.1'],
    status: 0,
    readOnly: true,
    expects(answer) {
      const replies = ofType(answer, 'reply')
      expect(replies).toMatchObject([
        { seq: 1, peerAddress: '127.0.0.1', ttl: 64 },
        { seq: 2, peerAddress: '127.0.0.1', ttl: 64 },
      ])
      const times = replies.map(({ rttMs }) => rttMs as number)
      const { rttMs } = answer.summary as { rttMs?: Record<'min' | 'avg' | 'max', number> }
      expect(answer.summary).toMatchObject({ transmitted: 2, received: 2, lossRatio: 0 })
      expect(rttMs?.min).toBeCloseTo(Math.min(...times), 3)
      expect(rttMs?.max).toBeCloseTo(Math.max(...times), 3)
    },
  },
  {
    tool: 'ping',
    does: 'finds that nobody answers within the deadline',
    input: ({ closedPort }) => ({ host: '127.0.0.1', count: 1, tcpPort: closedPort }),
    words: ({ closedPort }) => ['-c', '1', '--tcp', String(closedPort), '127.0.0.1'],
    status: 1,
    readOnly: true,
    expects(answer) {
      expect(ofType(answer, 'lost')).toMatchObject([{ seq: 1, reason: 'refused' }])
      expect(answer.summary).toMatchObject({ transmitted: 1, received: 0, lossRatio: 1, rttMs: null })
    },
  },
  {
    tool: 'ping',
    does: "says of a host that doesn't exist that its name is unknown",
    input: () => ({ host: 'nosuch.invalid', count: 1 }),
    words: () => ['-c', '1', 'nosuch.invalid'],
    status: 2,
    readOnly: true,
    expects: ({ error }) =>
      expect(error).toMatchObject({ code: 'not_found', message: expect.stringContaining('nosuch.invalid') }),
  },
  {
    tool: 'ping',
    does: 'refuses port 70000 and says which are right',
    input: () => ({ host: '127.0.0.1', tcpPort: 70000 }),
    words: () => ['--tcp', '70000', '127.0.0.1'],
    status: 2,
    readOnly: true,
    expects: wrongField('tcpPort', /65535/),
  },
  {
    tool: 'dns',
    does: 'shows the query and its answer',
    input: ({ dnsPort }) => ({ name: 'pod.test', server: '127.0.0.1', port: dnsPort, search: false }),
    words: ({ dnsPort }) => ['pod.test.', '--server', '127.0.0.1', '--port', String(dnsPort)],
    status: 0,
    readOnly: true,
    expects(answer) {
      const [attempt] = ofType(answer, 'attempt')
      expect(attempt).toMatchObject({ server: '127.0.0.1', transport: 'udp', rcode: 'NOERROR' })
      expect(attempt?.durationMs).toBeGreaterThan(0)
      expect(ofType(answer, 'answer')).toMatchObject([
        { name: 'pod.test', rrtype: 'A', ttlSeconds: 30, data: '10.1.2.3' },
      ])
      expect(answer.summary).toMatchObject({ rcode: 'NOERROR', answers: 1, source: 'dns' })
    },
  },
  {
    tool: 'dns',
    does: "finds that a name doesn't exist",
    input: ({ dnsPort }) => ({ name: 'nosuch.test.', server: '127.0.0.1', port: dnsPort }),
    words: ({ dnsPort }) => ['nosuch.test.', '--server', '127.0.0.1', '--port', String(dnsPort)],
    status: 1,
    readOnly: true,
    expects: answer => expect(answer.summary).toMatchObject({ rcode: 'NXDOMAIN', answers: 0 }),
  },
  {
    tool: 'dns',
    does: 'survives an answer with a compression loop and calls it malformed',
    input: ({ dnsPort }) => ({ name: 'loop.test.', server: '127.0.0.1', port: dnsPort, tries: 1 }),
    words: ({ dnsPort }) => ['loop.test.', '--server', '127.0.0.1', '--port', String(dnsPort), '--tries', '1'],
    status: 1,
    readOnly: true,
    expects: answer => expect(ofType(answer, 'attempt')[0]).toMatchObject({ rcode: null, reason: 'malformed' }),
  },
  {
    tool: 'dns',
    does: 'gives up on a silent server in time and says so of each attempt',
    input: ({ dnsPort }) => ({
      name: 'silent.test.',
      server: '127.0.0.1',
      port: dnsPort,
      tries: 2,
      timeoutSeconds: 0.1,
    }),
    words: ({ dnsPort }) => [
      'silent.test.',
      '--server',
      '127.0.0.1',
      '--port',
      String(dnsPort),
      '--tries',
      '2',
      '--timeout',
      '0.1',
    ],
    status: 1,
    readOnly: true,
    expects(answer) {
      const reasons = ofType(answer, 'attempt').map(({ rcode, reason }) => [rcode, reason])
      expect(reasons).toEqual([
        [null, 'timeout'],
        [null, 'timeout'],
      ])
    },
  },
  {
    tool: 'ports',
    does: 'finds a listener and the process that holds it',
    input: () => ({ listening: true, protocol: 'tcp' }),
    words: () => ['--listening', '--protocol', 'tcp'],
    status: 0,
    readOnly: true,
    expects(answer, { listenerPort }) {
      const socket = ofType(answer, 'socket').find(({ localPort }) => localPort === listenerPort)
      expect(socket).toMatchObject({
        protocol: 'tcp',
        state: 'LISTEN',
        localAddress: '127.0.0.1',
        uid: process.getuid?.(),
      })
      expect(socket?.processes).toMatchObject([{ pid: process.pid }])
    },
  },
  {
    tool: 'fetch',
    does: 'tells status, headers, body and where the time went',
    input: ({ webPort }) => ({ url: `http://127.0.0.1:${webPort}/` }),
    words: ({ webPort }) => [`http://127.0.0.1:${webPort}/`],
    status: 0,
    readOnly: true,
    expects(answer) {
      expect(ofType(answer, 'response')).toMatchObject([{ status: 200, httpVersion: '1.1' }])
      expect(ofType(answer, 'body')).toEqual([{ type: 'body', data: '你好, pod\n', encoding: 'utf8' }])
      const { timing } = answer.summary as unknown as { timing: Record<string, number | null> }
      expect(answer.summary).toMatchObject({ status: 200, bytes: 12 })
      expect(timing.appconnectMs).toBeNull()
      expect(timing.totalMs).toBeGreaterThanOrEqual(timing.starttransferMs as number)
      expect(timing.starttransferMs).toBeGreaterThanOrEqual(timing.connectMs as number)
    },
  },
  {
    tool: 'fetch',
    does: 'finds a refused connection, which is no fault of its own',
    input: ({ closedPort }) => ({ url: `http://127.0.0.1:${closedPort}/` }),
    words: ({ closedPort }) => [`http://127.0.0.1:${closedPort}/`],
    status: 1,
    readOnly: true,
    expects(answer) {
      expect(ofType(answer, 'failed')).toMatchObject([{ phase: 'connect', reason: 'refused' }])
      expect(answer.summary).toMatchObject({ status: null, bytes: 0 })
    },
  },
  {
    tool: 'fetch',
    does: 'calls 404 an answer, and a bad outcome only when asked to',
    input: ({ webPort }) => ({ url: `http://127.0.0.1:${webPort}/missing`, failOnStatus: true }),
    words: ({ webPort }) => ['--fail', `http://127.0.0.1:${webPort}/missing`],
    status: 1,
    readOnly: true,
    expects: answer => expect(answer.summary).toMatchObject({ status: 404 }),
  },
  {
    tool: 'fetch',
    does: 'refuses an address without a scheme and says what would be right',
    input: () => ({ url: 'example.com/path' }),
    words: () => ['example.com/path'],
    status: 2,
    readOnly: true,
    expects: wrongField('url', /http:\/\//),
  },
  {
    tool: 'fetch',
    does: 'refuses port 70000',
    input: () => ({ url: 'http://127.0.0.1:70000/' }),
    words: () => ['http://127.0.0.1:70000/'],
    status: 2,
    readOnly: true,
    expects: wrongField('url', /65535/),
  },
  {
    tool: 'ps',
    does: 'shows one process in full',
    input: () => ({ pid: process.pid }),
    words: () => [String(process.pid)],
    status: 0,
    readOnly: true,
    expects(answer) {
      expect(ofType(answer, 'process')).toMatchObject([
        { pid: process.pid, ppid: process.ppid, uid: process.getuid?.() },
      ])
      expect(ofType(answer, 'details')).toMatchObject([{ pid: process.pid, exe: process.execPath, cwd: process.cwd() }])
    },
  },
  {
    tool: 'top',
    does: 'measures what one process used in a moment',
    input: () => ({ pids: [process.pid], intervalSeconds: 0.2, container: false }),
    words: () => ['-p', String(process.pid), '-d', '0.2', '--host'],
    status: 0,
    readOnly: true,
    expects(answer) {
      expect(ofType(answer, 'sample')).toMatchObject([{ seq: 1, tasks: { total: 1 }, matching: 1, container: null }])
      const [seen] = ofType(answer, 'process')
      expect(seen).toMatchObject({ pid: process.pid, ppid: process.ppid, uid: process.getuid?.() })
      expect(seen?.cpuPercent).toBeGreaterThanOrEqual(0)
      expect(seen?.fds).toBeGreaterThan(3)
      expect(answer.summary).toMatchObject({ samples: 1, missing: [] })
    },
  },
  {
    tool: 'top',
    does: 'samples as often as it is asked to, in the order asked for',
    input: () => ({ count: 2, intervalSeconds: 0.1, sort: '-resBytes', limit: 3, io: false }),
    words: () => ['--count', '2', '-d', '0.1', '--sort', '-resBytes', '--limit', '3', '--no-io'],
    status: 0,
    readOnly: true,
    expects(answer) {
      expect(ofType(answer, 'sample').map(({ seq }) => seq)).toEqual([1, 2])
      const sizes = ofType(answer, 'process').map(({ resBytes }) => resBytes as number)
      expect(sizes).toHaveLength(6)
      expect(sizes.slice(0, 3)).toEqual(sizes.slice(0, 3).toSorted((a, b) => b - a))
    },
  },
  {
    tool: 'top',
    does: 'refuses a filter that says nothing, by its field',
    input: () => ({ filters: ['COMMAND'] }),
    words: () => ['--filters', 'COMMAND'],
    status: 2,
    readOnly: true,
    expects: wrongField('filters', /delimiter is missing/),
  },
  {
    tool: 'ps',
    does: 'lists itself among the processes of a container it found',
    input: () => ({}),
    words: () => [],
    status: 0,
    readOnly: true,
    expects(answer) {
      const listed = ofType(answer, 'process')
      expect(listed.map(({ pid }) => pid)).toContain(process.pid)
      const { containers, processes } = answer.summary as unknown as {
        containers: { processes: number }[]
        processes: number
      }
      expect(processes).toBe(listed.length)
      expect(containers.reduce((sum, { processes }) => sum + processes, 0)).toBe(listed.length)
    },
  },
  {
    tool: 'ps',
    does: "finds that a named process isn't there",
    input: () => ({ pid: 4_194_305 }),
    words: () => ['4194305'],
    status: 1,
    readOnly: true,
    expects: answer => expect(answer.summary).toMatchObject({ processes: 0, missing: [4_194_305] }),
  },
  {
    tool: 'ps',
    does: 'refuses a field too many by its name',
    input: () => ({ colour: 'red' }),
    words: () => ['--colour', 'red'],
    status: 2,
    readOnly: true,
    expects: ({ error }) =>
      expect(error).toMatchObject({ code: 'invalid_input', message: expect.stringContaining('colour') }),
  },
  {
    tool: 'signal',
    does: 'asks whether a process may be signalled, and sends nothing',
    input: () => ({ signal: '0', pids: [process.ppid] }),
    words: () => ['0', String(process.ppid)],
    status: 0,
    readOnly: false,
    expects(answer) {
      expect(answer.events).toMatchObject([
        { type: 'process', pid: process.ppid, disposition: 'none' },
        { type: 'sent', pid: process.ppid },
      ])
      expect(answer.summary).toMatchObject({ signal: null, selected: 1, sent: 1, denied: 0 })
    },
  },
  {
    tool: 'signal',
    does: 'tells in a dry run what would happen',
    input: () => ({ signal: 'KILL', pids: [process.ppid], dryRun: true }),
    words: () => ['--dry-run', 'KILL', String(process.ppid)],
    status: 0,
    readOnly: true,
    expects(answer) {
      expect(answer.events.map(({ type }) => type)).toEqual(['process'])
      expect(answer.summary).toMatchObject({ signal: 'SIGKILL', dryRun: true, selected: 1, sent: 0 })
    },
  },
  {
    tool: 'signal',
    does: "finds that a named process isn't there",
    input: () => ({ signal: 'HUP', pids: [4_194_305], dryRun: true }),
    words: () => ['-n', 'HUP', '4194305'],
    status: 1,
    readOnly: true,
    expects: answer => expect(answer.summary).toMatchObject({ selected: 0, missing: [4_194_305] }),
  },
  {
    tool: 'signal',
    does: 'refuses a signal that there is not, with the one that is near',
    input: () => ({ signal: 'HUPP', pids: [process.ppid], dryRun: true }),
    words: () => ['-n', 'HUPP', String(process.ppid)],
    status: 2,
    readOnly: true,
    expects: wrongField('signal', /did you mean HUP\?/),
  },
  {
    tool: 'limits',
    does: "tells a process's limits and the node's numbers",
    input: () => ({ target: String(process.pid), parts: ['memory', 'cpu'] }),
    words: () => [String(process.pid), '--parts', 'memory', '--parts', 'cpu'],
    status: 0,
    readOnly: true,
    expects(answer) {
      expect(answer.events.map(({ type }) => type)).toEqual(['target', 'memory', 'cpu', 'host'])
      expect(ofType(answer, 'target')).toMatchObject([{ pid: process.pid }])
      expect(ofType(answer, 'host')).toMatchObject([{ memory: { totalBytes: totalmem() } }])
      expect(answer.summary).toMatchObject({ rounds: 1 })
    },
  },
  {
    tool: 'limits',
    does: 'says which containers there are when the named one is not among them',
    input: () => ({ target: 'no-such-container' }),
    words: () => ['no-such-container'],
    status: 2,
    readOnly: true,
    expects: ({ error }) =>
      expect(error).toMatchObject({ code: 'not_found', message: expect.stringContaining("'no-such-container'") }),
  },
  {
    tool: 'limits',
    does: 'refuses a part that there is not',
    input: () => ({ parts: ['disk'] }),
    words: () => ['--parts', 'disk'],
    status: 2,
    readOnly: true,
    expects: ({ error }) =>
      expect(error).toMatchObject({ code: 'invalid_input', message: expect.stringMatching(/parts.*memory/) }),
  },
  {
    tool: 'os',
    does: 'tells what the container of a process is made of',
    input: () => ({ target: String(process.pid) }),
    words: () => [String(process.pid)],
    status: 0,
    readOnly: true,
    expects(answer) {
      expect(ofType(answer, 'kernel')).toMatchObject([{ release: release() }])
      expect(ofType(answer, 'program')).toMatchObject([{ pid: process.pid, machine: machine(), isStatic: false }])
      expect(ofType(answer, 'libc')).toMatchObject([{ family: 'glibc', inUse: true }])
      expect(ofType(answer, 'runtime')).toMatchObject([{ name: 'Node.js' }])
      expect(answer.summary).toMatchObject({ owners: 0 })
    },
  },
  {
    tool: 'os',
    does: 'finds that no package brought a file',
    input: () => ({ target: String(process.pid), ownerOf: ['/no/such/file'] }),
    words: () => [String(process.pid), '--owner', '/no/such/file'],
    status: 1,
    readOnly: true,
    expects: answer => expect(answer.summary).toMatchObject({ owners: 0, unmatched: ['/no/such/file'], notes: [] }),
  },
  {
    tool: 'os',
    does: "refuses a file's path that begins nowhere",
    input: () => ({ ownerOf: ['bin/ls'] }),
    words: () => ['--owner', 'bin/ls'],
    status: 2,
    readOnly: true,
    expects: wrongField('ownerOf.0', /absolute path/),
  },
  {
    tool: 'openfiles',
    does: 'finds who listens on a port',
    input: ({ listenerPort }) => ({ ports: [`${listenerPort}/tcp`] }),
    words: ({ listenerPort }) => ['--ports', `${listenerPort}/tcp`],
    status: 0,
    readOnly: true,
    expects(answer, { listenerPort }) {
      const file = ofType(answer, 'file').find(({ pid }) => pid === process.pid)
      expect(file).toMatchObject({ kind: 'IPv4', state: 'LISTEN', localAddress: '127.0.0.1', localPort: listenerPort })
      expect(answer.summary).toMatchObject({ missing: [] })
    },
  },
  {
    tool: 'openfiles',
    does: "tells a process's directory and executable",
    input: () => ({ pids: [process.pid], fds: ['cwd', 'txt'] }),
    words: () => ['-p', String(process.pid), '--fds', 'cwd,txt'],
    status: 0,
    readOnly: true,
    expects(answer) {
      const paths = ofType(answer, 'file').map(({ fd, path }) => [fd, path])
      expect(paths).toEqual([
        ['cwd', process.cwd()],
        ['txt', process.execPath],
      ])
    },
  },
  {
    tool: 'openfiles',
    does: 'finds that nobody has a file that is not there',
    input: () => ({ paths: ['/no/such/file'] }),
    words: () => ['/no/such/file'],
    status: 1,
    readOnly: true,
    expects: answer =>
      expect(answer.summary).toMatchObject({
        files: 0,
        missing: [{ what: 'path', name: '/no/such/file', why: 'No such file or directory' }],
      }),
  },
  {
    tool: 'openfiles',
    does: 'refuses port 70000 and says which are right',
    input: () => ({ ports: ['70000'] }),
    words: () => ['--ports', '70000'],
    status: 2,
    readOnly: true,
    expects: wrongField('ports', /65535/),
  },
  {
    tool: 'read',
    does: 'shows the beginning of a file',
    input: () => ({ paths: [import.meta.filename], first: 2 }),
    words: () => ['--first', '2', import.meta.filename],
    status: 0,
    readOnly: true,
    expects(answer) {
      const data = readFileSync(import.meta.filename, 'utf8')
        .split(/(?<=\n)/, 2)
        .join('')
      expect(answer.events).toMatchObject([
        { type: 'file', path: import.meta.filename, offset: 0 },
        { type: 'body', data, encoding: 'utf8' },
      ])
      expect(answer.summary).toMatchObject({ files: 1, bytes: data.length, troubles: 0, ending: 'end' })
    },
  },
  {
    tool: 'read',
    does: 'tells of a file that is not there, and shows the other',
    input: () => ({ paths: ['/no/such', import.meta.filename], last: 1 }),
    words: () => ['--last', '1', '/no/such', import.meta.filename],
    status: 1,
    readOnly: true,
    expects(answer) {
      expect(ofType(answer, 'trouble')).toMatchObject([{ path: '/no/such', code: 'not_found', errno: 'ENOENT' }])
      expect(ofType(answer, 'body')).toMatchObject([{ data: ']\n' }])
      expect(answer.summary).toMatchObject({ files: 1, troubles: 1 })
    },
  },
  {
    tool: 'read',
    does: 'refuses the beginning and the end at once',
    input: () => ({ paths: ['/etc/hostname'], first: 1, last: 1 }),
    words: () => ['--first', '1', '--last', '1', '/etc/hostname'],
    status: 2,
    readOnly: true,
    expects: wrongField('last', /only one of first, last and from/),
  },
  {
    tool: 'grep',
    does: 'finds lines with where they stand',
    input: () => ({ patterns: ['^import.*node:fs'], paths: [import.meta.filename], syntax: 'extended' }),
    words: () => ['--extended-regexp', '^import.*node:fs', import.meta.filename],
    status: 0,
    readOnly: true,
    expects(answer) {
      const lines = readFileSync(import.meta.filename, 'utf8').split('\n')
      const number = lines.findIndex(line => /^import.*node:fs/.test(line)) + 1
      const [match] = ofType(answer, 'match')
      expect(match).toMatchObject({ path: import.meta.filename, lineNumber: number, text: lines[number - 1] })
      expect(match).toMatchObject({ submatches: [{ start: 0, end: expect.any(Number) }], encoding: 'utf8' })
      expect(answer.summary).toMatchObject({ files: 1, filesMatched: 1, troubles: 0 })
    },
  },
  {
    tool: 'grep',
    does: 'tells of a file that is not there, and searches the other',
    input: () => ({ patterns: ['no-line-h' + 'as-this'], paths: ['/no/such', import.meta.filename] }),
    words: () => ['no-line-h' + 'as-this', '/no/such', import.meta.filename],
    status: 1,
    readOnly: true,
    expects(answer) {
      expect(ofType(answer, 'trouble')).toMatchObject([{ path: '/no/such', code: 'not_found', errno: 'ENOENT' }])
      expect(answer.summary).toMatchObject({ files: 1, matches: 0, troubles: 1, decided: false })
    },
  },
  {
    tool: 'grep',
    does: 'refuses a pattern that is not closed',
    input: () => ({ patterns: ['a[b'], paths: [import.meta.filename] }),
    words: () => ['a[b', import.meta.filename],
    status: 2,
    readOnly: true,
    expects: wrongField('patterns', /Unmatched \[/),
  },
  {
    tool: 'files',
    does: 'lists a folder with the status of what stands in it',
    input: () => ({ paths: [import.meta.dirname], sort: 'name' }),
    words: () => ['--sort', 'name', import.meta.dirname],
    status: 0,
    readOnly: true,
    expects(answer) {
      const entries = ofType(answer, 'entry')
      expect(entries.map(({ name }) => name)).toEqual(readdirSync(import.meta.dirname).sort())
      const { size, ino } = statSync(import.meta.filename)
      expect(entries.find(({ path }) => path === import.meta.filename)).toMatchObject({
        fileType: 'file',
        sizeBytes: size,
        inode: String(ino),
        modifiedTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/),
      })
      expect(answer.summary).toMatchObject({ entries: entries.length, folders: 1, troubles: 0 })
    },
  },
  {
    tool: 'files',
    does: 'finds by an expression, and tells of a path that is not there',
    input: () => ({ paths: ['/no/such', import.meta.dirname], expression: ['-name', 'be*.ts', '-size', '+1k'] }),
    words: () => [
      ...['-name', 'be*.ts', '-size', '+1k'].map(word => `--expression=${word}`),
      '/no/such',
      import.meta.dirname,
    ],
    status: 1,
    readOnly: true,
    expects(answer) {
      expect(ofType(answer, 'trouble')).toMatchObject([
        { path: '/no/such', code: 'not_found', errno: 'ENOENT', named: true },
      ])
      expect(ofType(answer, 'entry')).toMatchObject([{ path: import.meta.filename, depth: 1 }])
      expect(answer.summary).toMatchObject({ entries: 1, troubles: 1, missing: 1 })
    },
  },
  {
    tool: 'files',
    does: 'sums up what a folder holds',
    input: () => ({ paths: [import.meta.dirname], show: 'usage' }),
    words: () => ['--show', 'usage', import.meta.dirname],
    status: 0,
    readOnly: true,
    expects(answer) {
      const names = readdirSync(import.meta.dirname)
      const sizes = [import.meta.dirname, ...names.map(name => `${import.meta.dirname}/${name}`)]
      const sizeBytes = sizes.reduce((sum, path) => sum + statSync(path).size, 0)
      expect(ofType(answer, 'usage')).toMatchObject([
        { path: import.meta.dirname, sizeBytes, inodes: names.length + 1 },
      ])
    },
  },
  {
    tool: 'files',
    does: 'lists folders below a folder, largest first, without what is excluded',
    input: () => ({
      paths: [import.meta.dirname],
      show: 'list',
      recursive: true,
      sort: 'size',
      exclude: ['*.test.ts'],
    }),
    words: () => [...['--show', 'list', '-R', '--sort', 'size', '--exclude', '*.test.ts'], import.meta.dirname],
    status: 0,
    readOnly: true,
    expects(answer) {
      expect(ofType(answer, 'folder')).toMatchObject([{ path: import.meta.dirname }])
      const names = readdirSync(import.meta.dirname).filter(name => !name.endsWith('.test.ts'))
      const sizeOf = (name: string) => statSync(`${import.meta.dirname}/${name}`).size
      const entries = ofType(answer, 'entry')
      expect(entries.map(({ name }) => name)).toEqual(names.sort((a, b) => sizeOf(b) - sizeOf(a)))
    },
  },
  {
    tool: 'files',
    does: 'tells the status of what is named, and of what is not there',
    input: () => ({ paths: ['/dev/null', '/no/such'], show: 'stat', followLinks: 'always' }),
    words: () => ['--show', 'stat', '--follow-links', 'always', '/dev/null', '/no/such'],
    status: 1,
    readOnly: true,
    expects(answer) {
      expect(ofType(answer, 'entry')).toMatchObject([{ path: '/dev/null', fileType: 'character', device: '1:3' }])
      expect(ofType(answer, 'trouble')).toMatchObject([{ path: '/no/such', errno: 'ENOENT', named: true }])
    },
  },
  {
    tool: 'files',
    does: 'sums up only what holds no less than a threshold',
    input: () => ({
      paths: [import.meta.dirname],
      show: 'usage',
      files: true,
      measure: 'size',
      threshold: statSync(import.meta.filename).size,
    }),
    words: () => [
      ...['--show', 'usage', '--files', '--measure', 'size'],
      ...['--threshold', String(statSync(import.meta.filename).size), import.meta.dirname],
    ],
    status: 0,
    readOnly: true,
    expects: answer =>
      expect(ofType(answer, 'usage').map(({ path }) => path)).toEqual([import.meta.filename, import.meta.dirname]),
  },
  {
    tool: 'files',
    does: 'refuses what would change something and says what does it',
    input: () => ({ paths: ['/'], expression: ['-delete'] }),
    words: () => ['--expression=-delete', '/'],
    status: 2,
    readOnly: true,
    expects: ({ error }) =>
      expect(error).toMatchObject({ code: 'unsupported', remedy: expect.stringContaining('xargs') }),
  },
  {
    tool: 'mounts',
    does: 'tells the space of what holds a path',
    input: () => ({ paths: ['/proc/self/mountinfo', '/dev'] }),
    words: () => ['/proc/self/mountinfo', '/dev'],
    status: 0,
    readOnly: true,
    expects(answer) {
      const [proc, devices] = ofType(answer, 'path')
      const byId = (id: unknown) => ofType(answer, 'mount').find(mount => mount.id === id)
      expect(byId(proc?.mountId)).toMatchObject({ mountPoint: '/proc', fsType: 'proc', kind: 'kernel' })
      expect(byId(devices?.mountId)).toMatchObject({ space: { sizeBytes: bytesAt('/dev') } })
    },
  },
  {
    tool: 'mounts',
    does: 'finds one by its mount point without looking at it',
    input: () => ({ mountPoint: '/proc', space: false, first: true }),
    words: () => ['--mount-point', '/proc', '--no-space', '--first'],
    status: 0,
    readOnly: true,
    expects(answer) {
      expect(ofType(answer, 'mount')).toMatchObject([{ mountPoint: '/proc', space: null, why: 'not looked at' }])
      expect(answer.summary).toMatchObject({ mounts: 1, hung: 0 })
    },
  },
  {
    tool: 'mounts',
    does: "finds that a named path isn't there",
    input: () => ({ paths: ['/no/such/path'] }),
    words: () => ['/no/such/path'],
    status: 1,
    readOnly: true,
    expects: answer => {
      expect(ofType(answer, 'path')).toMatchObject([{ path: '/no/such/path', mountId: null, why: 'ENOENT' }])
      expect(answer.summary).toMatchObject({ missingPaths: ['/no/such/path'] })
    },
  },
  {
    tool: 'mounts',
    does: 'refuses a wait without end',
    input: () => ({ timeoutSeconds: 1e9 }),
    words: () => ['--timeout-seconds', '1e9'],
    status: 2,
    readOnly: true,
    expects: wrongField('timeoutSeconds', /600/),
  },
]
