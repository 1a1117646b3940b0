import { describe, expect, test } from 'vitest'
import { reportText } from '../../../server/tools/fetch/report.ts'
import type { Summary } from '../../../server/tools/fetch/schema.ts'
import { isText } from '../../../server/tools/fetch/text-types.ts'
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
