import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { parseInput } from '../../../server/core/input.ts'
import { Payload } from '../../../server/core/payload.ts'
import { curl } from '../../../server/tools/fetch/curl/applet.ts'
import { requestOf } from '../../../server/tools/fetch/plan.ts'
import { reportText } from '../../../server/tools/fetch/report.ts'
import type { EventOf, Summary } from '../../../server/tools/fetch/schema.ts'
import { isText } from '../../../server/tools/fetch/text-types.ts'
import { fetch } from '../../../server/tools/fetch/tool.ts'
import { wget } from '../../../server/tools/fetch/wget/applet.ts'
import { harmless, painter, shownBytes, shownMs } from '../../../server/tools/fetch/words.ts'
import { unknownVariables, writeOut } from '../../../server/tools/fetch/write-out.ts'

test('a body is text by its type, unless it is compressed', () => {
  for (const type of ['text/html; charset=utf-8', 'application/json', 'application/problem+json'])
    expect(isText(type, undefined)).toBe(true)
  expect([isText(undefined, undefined), isText('image/png', undefined), isText('text/plain', 'gzip')]).toEqual([
    false,
    false,
    false,
  ])
})

test('sizes and times are short enough to read', () => {
  expect([0, 999, 1234, 999_600, 10e9].map(shownBytes)).toEqual(['0 B', '999 B', '1.2 kB', '1.0 MB', '10.0 GB'])
  expect([0.04, 12.34, 99.6, 2310, 41_000].map(shownMs)).toEqual(['0.0 ms', '12.3 ms', '100 ms', '2.31 s', '41.0 s'])
})

test('what a server sends can not steer the terminal', () => {
  expect(harmless('a\x1b[31mb\rc\x9b')).toBe('a\\x1b[31mb\\x0dc\\x9b')
})

const summary: Summary = {
  type: 'summary',
  status: 200,
  httpVersion: '1.1',
  bytes: 5,
  url: 'http://a/',
  redirects: 0,
  redirectUrl: null,
  contentType: 'text/plain',
  remoteAddress: '192.0.2.1',
  remotePort: 80,
  localAddress: null,
  localPort: null,
  tlsVerifyResult: null,
  failure: null,
  timing: {
    redirectMs: 0,
    namelookupMs: 1.5,
    connectMs: 2,
    appconnectMs: null,
    starttransferMs: 30,
    totalMs: 1234.567,
  },
}

test('the time line begins with what the redirects took, and its steps with the last hop', () => {
  const timing = { redirectMs: 700, namelookupMs: 701, connectMs: 703, appconnectMs: null, starttransferMs: 710 }
  const kept = { attempts: [], redirects: [], tls: undefined, response: undefined, failed: undefined }
  const of = (redirects: number) => {
    const text = reportText(kept, { ...summary, redirects, timing: { ...timing, totalMs: 710.5 } }, 80, painter(false))
    return [...text.matchAll(/^ {2}(\w+) +([\d.]+ m?s)/gm)].map(([, step, time]) => `${step} ${time}`)
  }
  const steps = ['lookup 1.0 ms', 'connect 2.0 ms', 'wait 7.0 ms', 'body 0.5 ms', 'total 711 ms']
  expect(of(1)).toEqual(['redirect 700 ms', ...steps])
  expect(of(0)).toEqual(['retries 700 ms', ...steps])
})

describe('--write-out', () => {
  const none = { response: undefined, failed: undefined }
  test('knows variables, escapes and where to write', () => {
    const format = '%{http_code} %{time_total} %{time_appconnect} 100%% %%{x}\\t%{remote_ip}%{stderr}err\\n%{stdout}!'
    expect(writeOut(format, summary, none)).toEqual([
      '200 1.234567 0.000000 100% %{x}\t192.0.2.1',
      { stderr: 'err\n' },
      '!',
    ])
    expect(writeOut('%{http_code}', { ...summary, status: null }, none)).toEqual(['000'])
  })

  test('counts the connection from its own hop, the answer from the start of all, as curl does', () => {
    const timing = { ...summary.timing, redirectMs: 1000, namelookupMs: 1001, connectMs: 1003, starttransferMs: 1100 }
    const names = ['redirect', 'namelookup', 'connect', 'pretransfer', 'starttransfer']
    const format = names.map(name => `%{time_${name}}`).join(' ')
    expect(writeOut(format, { ...summary, redirects: 1, timing }, none)).toEqual([
      '1.000000 0.001000 0.003000 0.003000 1.100000',
    ])
  })

  test('names the variables it lacks', () => {
    expect(unknownVariables('%{http_code} %%{percent} %{bogus} %{stderr} %{exitcode}', ['exitcode'])).toEqual(['bogus'])
  })
})

describe('bytes that are no text', () => {
  const bytes = new Payload(Buffer.from([1, 0, 2]))
  const screen = { colour: false, columns: 80, isTerminal: true }
  const rendered = async (word: 'curl' | 'fetch', output: string | undefined, isTerminal: boolean) => {
    const view = await parseInput(fetch.view, output === undefined ? {} : { output })
    const text = word === 'curl' ? curl.text! : fetch.text
    return text(await parseInput(fetch.input, { url: 'http://a/' }), view, { ...screen, isTerminal })(bytes as never)
  }

  test.each(['curl', 'fetch'] as const)('do not reach a terminal through %s unless -o - says so', async word => {
    await expect(rendered(word, undefined, true)).rejects.toThrow('Binary output can mess up your terminal')
    expect(await rendered(word, '-', true)).toEqual(bytes.bytes)
    expect(await rendered(word, undefined, false)).toEqual(bytes.bytes)
    expect(await rendered(word, 'file', true)).toEqual({ file: 'file', data: bytes.bytes })
  })

  test('end curl with 23', async () => {
    const error = await rendered('curl', undefined, true).catch(error => error)
    expect(curl.exitStatus!({ error })).toBe(23)
  })
})

describe('a failure is told once, in the flags of the word', () => {
  const told = async (applet: typeof curl, failed: Partial<EventOf<'failed'>>) => {
    const input = await parseInput(fetch.input, { url: 'https://a/' })
    const screen = { colour: false, columns: 80, isTerminal: false }
    const render = applet.text!(input, await parseInput(fetch.view, {}), screen)
    const event = { type: 'failed', message: 'm', code: null, hint: null, host: 'a', port: 443, ...failed } as const
    const failure = { phase: failed.phase!, reason: failed.reason!, message: 'm' }
    const chunks = [render(event as EventOf<'failed'>), render({ ...summary, status: null, failure })].flat()
    return chunks.map(chunk => (typeof chunk === 'object' && 'stderr' in chunk ? chunk.stderr : '')).join('')
  }

  test('a certificate that can not be trusted', async () => {
    const failed = { phase: 'tls', reason: 'verify_failed', message: 'TLS with a: expired', hint: 'x' } as const
    expect(await told(curl, failed)).toContain('(--cacert FILE or -k would let it go on)')
    expect(await told(wget, failed)).toContain('(--ca-certificate FILE or --no-check-certificate would let it go on)')
  })

  test('a name without an address', async () => {
    const failed = { phase: 'namelookup', reason: 'not_found', hint: 'no such name: a' } as const
    const lines = (await told(wget, failed)).split('\n').slice(1)
    expect(lines).toEqual([
      'Resolving a (a)... failed: no such name: a.',
      "wget: unable to resolve host address 'a'",
      '',
    ])
  })
})

test('JSON where an address should be is told what --json means here', () => {
  for (const word of ['{"a":1}', '[1,{}]', '@file.json'])
    expect(() => curl.operand!(word, {}, 0)).toThrow("-H 'Content-Type: application/json' -d")
  for (const url of ['http://a/', '[::1]:8080/', 'a:1/x']) expect(() => curl.operand!(url, {}, 0)).not.toThrow()
})

test('a file that a flag of curl names and is not there has the status and words of its flag', async () => {
  const parse = (long: string, word: string) =>
    curl.flags.find(flag => flag.long === long)!.parse!(word, undefined, { read: path => readFile(path) })
  await expect(parse('data', '@/nonexistent/x')).rejects.toThrow(
    '(26) Failed to open /nonexistent/x: No such file or directory',
  )
  await expect(parse('cacert', '/nonexistent/x')).rejects.toThrow(
    '(77) error setting certificate file: /nonexistent/x: No such file or directory',
  )
})

describe('ditty fetch', () => {
  const files = { read: async () => Buffer.from([0xff, 0]) }
  const flag = (name: string) => fetch.flags.find(({ short, long }) => name === `-${short}` || name === `--${long}`)

  test.each(
    '-X -H -d --data-binary -I -i -L -k -o -O -s -S -v -f -m --connect-timeout --resolve --cacert -u -A -w'.split(' '),
  )('takes %s as curl does', name => expect(flag(name)).toBeDefined())

  test('joins data to a form, and says what it can not send', async () => {
    const first = await flag('-d')!.parse!('a=1', undefined, files)
    expect(await flag('--data-urlencode')!.parse!('b=x y', first, files)).toBe('a=1&b=x+y')
    await expect(flag('--data-binary')!.parse!('@x', undefined, files)).rejects.toThrow('no UTF-8 text')
  })

  test('sends a form with its type, unless another is named', async () => {
    const request = async (more: object) =>
      requestOf(await parseInput(fetch.input, { url: 'http://a/', form: 'a=1', ...more }))
    const { method, headers, body } = await request({})
    expect([method, String(body)]).toEqual(['POST', 'a=1'])
    expect(headers).toContainEqual(['Content-Type', 'application/x-www-form-urlencoded'])
    const typed = await request({ headers: { 'content-type': 'application/json' } })
    expect(typed.headers.filter(([name]) => name.toLowerCase() === 'content-type')).toHaveLength(1)
    await expect(request({ body: 'b' })).rejects.toThrow('one body')
    expect(fetch.readOnly!(await parseInput(fetch.input, { url: 'http://a/', form: 'a' }))).toBe(false)
  })
})
