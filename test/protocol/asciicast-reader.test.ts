import { expect, test } from 'vitest'
import { type Cast, CastError, CastReader } from '../../server/protocol/asciicast-reader.ts'

function read(text: string, pieceChars = text.length || 1): Cast {
  const reader = new CastReader()
  for (let at = 0; at < text.length; at += pieceChars) reader.push(text.slice(at, at + pieceChars))
  return reader.end()
}

function faultOf(text: string): string {
  try {
    read(text)
  } catch (error) {
    if (error instanceof CastError) return `${error.fault} ${error.line}`
    throw error
  }
  return 'none'
}

const v3 = [
  '{"version": 3, "term": {"cols": 80, "rows": 24, "type": "xterm"}, "title": "Demo"}',
  '# a comment',
  '[0.25, "o", "one\\r\\n"]',
  '',
  '[1.5, "r", "90x30"]',
  '[0, "z", "of a later version"]',
  '[2, "x", "0"]',
].join('\n')

const v2 = [
  '{"version": 2, "width": 80, "height": 24, "title": "Demo"}',
  '[0.25, "o", "one\\r\\n"]',
  '[1.75, "r", "90x30"]',
  '[1.5, "z", "of a clock that went back"]',
  '[3.75, "x", "0"]\n',
].join('\n')

const events = [
  { ms: 250, code: 'o', data: 'one\r\n' },
  { ms: 1750, code: 'r', data: '90x30', size: { cols: 90, rows: 30 } },
  { ms: 1750, code: 'z' },
  { ms: 3750, code: 'x', data: '0' },
]

test.each([
  ['3', v3],
  ['2', v2],
])('version %s is read, its times since the start', (version, text) => {
  const cast = read(text)
  expect(cast).toMatchObject({
    version: Number(version),
    header: { cols: 80, rows: 24, title: 'Demo' },
    events,
    durationMs: 3750,
  })
})

test('it is the same however it is cut into pieces', () => {
  for (let chars = 1; chars < v3.length; chars++) expect(read(v3, chars)).toEqual(read(v3))
})

test('a last line that was cut off is passed over, as after a recorder was killed', () => {
  expect(read(`${v3}\n[1, "o", "cut`).events).toHaveLength(4)
})

const header = '{"version":3,"term":{"cols":80,"rows":24}}\n'

test.each([
  ['', 'empty 1'],
  ['\n', 'header 1'],
  ['[]\n', 'header 1'],
  ['null\n', 'header 1'],
  ['\u0000\u0001', 'header 1'],
  ['{"version":1}\n', 'version 1'],
  ['{"version":"3"}\n', 'version 1'],
  ['{"version":3}\n', 'size 1'],
  ['{"version":3,"term":null}\n', 'size 1'],
  ['{"version":3,"term":{"cols":0,"rows":24}}\n', 'size 1'],
  ['{"version":2,"width":80,"height":1001}\n', 'size 1'],
  [`${header}{"a":1}\n`, 'event 2'],
  [`${header}\n# comment\nnonsense\n`, 'event 4'],
  [`${header}[1, "o"]\n`, 'event 2'],
  [`${header}[1, "", "x"]\n`, 'event 2'],
  [`${header}[1, "o", {"toString":1}]\n`, 'event 2'],
  [`${header}["1", "o", "x"]\n`, 'time 2'],
  [`${header}[-0.1, "o", "x"]\n`, 'time 2'],
  [`${header}[1e999, "o", "x"]\n`, 'time 2'],
  [`${header}[1e9, "o", "x"]\n[1, "o", "x"]\n`, 'time 3'],
  [`${header}[1, "r", "80"]\n`, 'resize 2'],
  [`${header}[1, "r", "2001x24"]\n`, 'resize 2'],
])('%j is told of as "%s"', (text, fault) => {
  expect(faultOf(text)).toBe(fault)
})

test('a line without an end is given up long before memory is', () => {
  const reader = new CastReader()
  const piece = 'x'.repeat(1 << 20)
  reader.push(`${header}[1, "o", "`)
  let pushed = 0
  expect(() => {
    for (; pushed < 1024; pushed++) reader.push(piece)
  }).toThrow(expect.objectContaining({ fault: 'longLine', line: 2 }))
  expect(pushed).toBeLessThan(5)
})

test('events without end are given up', () => {
  const reader = new CastReader()
  reader.push(header)
  const lines = '[0,"o",""]\n'.repeat(10_000)
  expect(() => {
    for (let pushed = 0; pushed < 1000; pushed++) reader.push(lines)
  }).toThrow(expect.objectContaining({ fault: 'tooLarge', line: 2_000_002 }))
})
