import { describe, expect, test } from 'vitest'
import { commandOf } from '../../../server/cli/grammar.ts'
import { parseWords } from '../../../server/cli/parse.ts'
import type { Draft } from '../../../server/core/tool.ts'
import { applyOption } from '../../../server/tools/dns/dig-options.ts'
import { parts } from '../../../server/tools/dns/schema.ts'
import { dns } from '../../../server/tools/dns/tool.ts'

const attempt = {
  type: 'attempt',
  server: '10.96.0.10',
  port: 53,
  transport: 'udp',
  qtype: 'A',
  truncated: false,
} as const
const summary = {
  type: 'summary',
  source: 'dns',
  server: null,
  id: null,
  flags: [],
  bytes: null,
  queryMs: null,
  totalMs: 2,
} as const

const events = [
  { ...attempt, qname: 'web.default.svc.cluster.local', rcode: 'NXDOMAIN', durationMs: 1.25 },
  { ...attempt, qname: 'web.svc.cluster.local', rcode: null, reason: 'timeout', detail: 'timed out', durationMs: 5000 },
  { ...attempt, qname: 'web', rcode: 'NOERROR', durationMs: 0.5 },
  { type: 'answer', name: 'web', rrtype: 'A', class: 'IN', ttlSeconds: 5, data: '10.96.0.7' },
  { ...summary, rcode: 'NOERROR', answers: 1, matching: 1, qname: 'web', attempts: 3 },
] as const

const input = dns.input.parse({ name: 'web' })

function shown(colour: boolean, view = {}): string {
  const render = dns.text(input, dns.view.parse(view), { colour, columns: 80, isTerminal: colour })
  return events.map(event => render(event as never) ?? '').join('')
}

test('each query is a line with server, transport, rcode, time and name; then the answers and what it came to', () => {
  expect(shown(false)).toBe(`; 10.96.0.10      udp NXDOMAIN        1.3 ms  web.default.svc.cluster.local A
; 10.96.0.10      udp timeout      5000.0 ms  web.svc.cluster.local A (timed out)
; 10.96.0.10      udp NOERROR         0.5 ms  web A
web  5  A  10.96.0.7
; NOERROR for web: 1 answer, 3 queries, 2.0 ms
`)
})

test('colour comes only with a screen that has it, and changes no word', () => {
  expect(shown(false)).not.toContain('\x1b')
  expect(shown(true).replace(/\x1b\[\d+m/g, '')).toBe(shown(false))
  expect(shown(true)).toContain('\x1b[31m; 10.96.0.10      udp timeout')
})

test('short shows the data alone, and what is hidden is left out', () => {
  expect(shown(false, { short: true })).toBe('10.96.0.7\n')
  expect(shown(false, { hide: ['comments', 'stats'] })).toBe('web  5  A  10.96.0.7\n')
})

describe("dig's options", () => {
  const draftOf = (...words: string[]) => {
    const draft: Draft = {}
    for (const word of words) applyOption(word, draft)
    return draft
  }

  test.each<[string[], Draft]>([
    [['+tcp'], { tcp: true }],
    [['+vc', '+notcp'], { tcp: false }],
    [['+norec'], { recurse: false }],
    [['+norecurse', '+rdflag'], { recurse: true }],
    [['+time=3', '+tries=4'], { timeoutSeconds: 3, tries: 4 }],
    [['+time=0', '+tries=0'], { timeoutSeconds: 1, tries: 1 }],
    [['+retry=2'], { tries: 3 }],
    [['+search', '+ndots=5'], { search: true, ndots: 5 }],
    [['+edns=0', '+bufsize=4096', '+dnssec'], { edns: true, bufsize: 4096, dnssec: true }],
    [['+noedns'], { edns: false }],
    [['+noall', '+answer'], { hide: ['cmd', 'comments', 'question', 'authority', 'additional', 'stats'] }],
    [['+nocmd', '+nocmd', '+nostats', '+cmd'], { hide: ['stats'] }],
    [['+sho'], { short: true }],
    [['+SHORT'], { short: true }],
  ])('%j', (words, draft) => expect(draftOf(...words)).toEqual(draft))

  test.each([
    ['+nosuch', 'no option +nosuch'],
    ['+', 'no option +'],
    ['+t', 'no option +t'],
    ['+time', 'needs a number'],
    ['+time=soon', 'needs a number'],
    ['+notime', "can't be negated"],
    ['+short=1', 'takes no such value'],
    ['+edns=1', 'takes no such value'],
    ['+toString', 'no option'],
  ])('%s is refused: %s', (word, message) => {
    expect(() => draftOf(word)).toThrow(
      expect.objectContaining({ code: 'invalid_input', message: expect.stringContaining(message) }),
    )
  })

  test('every part that can be hidden has an option', () => {
    for (const part of parts) expect(draftOf(`+no${part}`)).toEqual({ hide: [part] })
  })
})

const draftOf = async (word: string | undefined, ...words: string[]) =>
  (await parseWords(commandOf(dns as never, word), words, { read: async () => Buffer.alloc(0) })).draft

test.each([
  [['example.com', 'MX'], { name: 'example.com', type: 'MX' }],
  [['@10.96.0.10', 'mx', 'a,aaaa'], { name: 'mx', server: '10.96.0.10', type: 'A,AAAA' }],
  [['-x', '10.96.0.1', '+short', '+tcp'], { name: '10.96.0.1', reverse: true, short: true, tcp: true }],
  [
    ['+norecurse', '+time=2', '+tries=1', '+nosearch', 'web'],
    { name: 'web', recurse: false, timeoutSeconds: 2, tries: 1, search: false },
  ],
])('ditty dns takes the words of dig beside its own flags: %j', async (words, draft) => {
  expect(await draftOf(undefined, ...words)).toEqual(draft)
})

test('ditty dns refuses a second name and an unknown option', async () => {
  await expect(draftOf(undefined, 'web', 'db')).rejects.toMatchObject({ code: 'invalid_input' })
  await expect(draftOf(undefined, 'web', '+bogus')).rejects.toThrow('+bogus')
})

test('dig repeats no type that was not typed', async () => {
  const banner = async (...words: string[]) => {
    const { name, type } = await draftOf('dig', ...words)
    const render = dns.applets.dig?.text?.(dns.input.parse({ name, type }), dns.view.parse({}), {
      colour: false,
      columns: 80,
      isTerminal: false,
    })
    const resolver = { type: 'resolver', servers: [], search: [], ndots: 1, source: null, file: null }
    render?.(resolver as never)
    return String(
      render?.({ ...summary, rcode: null, answers: 0, matching: 0, qname: 'localhost', attempts: 1 } as never),
    )
  }
  expect(await banner('localhost')).toContain('<<>> localhost\n')
  expect(await banner('localhost', 'a')).toContain('<<>> localhost A\n')
})
