import { expect, test } from 'vitest'
import { castFile } from '../../../server/terminal/recording/cast-file.ts'
import { blockBytes, type CastStoreLimits } from '../../../server/terminal/recording/cast-store.ts'
import { Recording } from '../../../server/terminal/recording/recording.ts'
import { ReplayBudget } from '../../../server/terminal/replay-budget.ts'

const MiB = 1 << 20
const plenty: CastStoreLimits = { heldBytes: 8 * MiB, textBytes: 128 * MiB }

function record({ input = false, limits = plenty, budget = new ReplayBudget(16 * MiB) } = {}) {
  const clock = { ms: 1000 }
  const header = { cols: 80, rows: 24, type: 'xterm-256color', timestamp: 1_782_864_000, title: 'bash' }
  const recording = new Recording({ header, input, limits, budget, now: () => clock.ms })
  return { clock, recording, budget }
}

const fileOf = (recording: Recording, version: 2 | 3 = 3) => Buffer.concat([...castFile(recording, version)]).toString()
const linesOf = (recording: Recording, version: 2 | 3 = 3) => fileOf(recording, version).trimEnd().split('\n')
const eventsOf = (recording: Recording, version: 2 | 3 = 3): [number, string, string][] =>
  linesOf(recording, version)
    .slice(1)
    .map(line => JSON.parse(line))
const outputOf = (recording: Recording) =>
  eventsOf(recording)
    .filter(([, code]) => code === 'o')
    .map(([, , data]) => data)
    .join('')

function playOut({ clock, recording }: ReturnType<typeof record>): void {
  recording.output(Buffer.from('\x1b[1mhe'))
  clock.ms += 0.3
  recording.output(Buffer.from('llo "\\"\r\n'))
  clock.ms += 247.7
  recording.output(Buffer.from('你好'))
  clock.ms += 1500
  recording.resized({ cols: 100, rows: 30 })
  recording.output(Buffer.from('!'))
  clock.ms += 60_000
  recording.ended(3, 0)
}

test('version 3 tells the time since the event before; what comes within a millisecond is one event', () => {
  const played = record()
  playOut(played)
  expect(linesOf(played.recording)).toEqual([
    '{"version":3,"term":{"cols":80,"rows":24,"type":"xterm-256color"},"timestamp":1782864000,"title":"bash"}',
    String.raw`[0.000, "o", "\u001b[1mhello \"\\\"\r\n"]`,
    '[0.248, "o", "你好"]',
    '[1.500, "r", "100x30"]',
    '[0.000, "o", "!"]',
    '[60.000, "x", "3"]',
  ])
})

test('version 2 of the same tells the time since the start', () => {
  const played = record()
  playOut(played)
  expect(linesOf(played.recording, 2)).toEqual([
    '{"version":2,"width":80,"height":24,"timestamp":1782864000,"title":"bash","env":{"TERM":"xterm-256color"}}',
    String.raw`[0.000, "o", "\u001b[1mhello \"\\\"\r\n"]`,
    '[0.248, "o", "你好"]',
    '[1.748, "r", "100x30"]',
    '[1.748, "o", "!"]',
    '[61.748, "x", "3"]',
  ])
})

test('both versions of a long recording describe the same events, also where blocks cut lines', () => {
  const { clock, recording } = record()
  for (let line = 0; line < 30_000; line++) {
    recording.output(Buffer.from(`line ${line} 你好 ${'x'.repeat(line % 90)}\r\n`))
    clock.ms += line % 7
  }
  recording.stop('asked')
  let ms = 0
  const absolute = eventsOf(recording, 3).map(([seconds, ...rest]) => {
    ms += Math.round(seconds * 1000)
    return [ms / 1000, ...rest]
  })
  expect(eventsOf(recording, 2)).toEqual(absolute)
  expect(fileOf(recording).length).toBeGreaterThan(20 * blockBytes)
})

const text = 'añ你👩‍👩‍👧é\u{10ffff}\ufeff\r\n'

test('a character cut at any byte stays whole', () => {
  const bytes = Buffer.from(text)
  for (let cut = 0; cut <= bytes.length; cut++) {
    const { clock, recording } = record()
    recording.output(bytes.subarray(0, cut))
    clock.ms += 10
    recording.output(bytes.subarray(cut))
    expect(outputOf(recording)).toBe(text)
    for (const [, , data] of eventsOf(recording)) expect(data).not.toContain('\ufffd')
  }
})

test('one byte at a time gives the same text', () => {
  const { clock, recording } = record()
  for (const byte of Buffer.from(text)) {
    recording.output(Uint8Array.of(byte))
    clock.ms++
  }
  expect(outputOf(recording)).toBe(text)
})

test('what is no UTF-8 becomes U+FFFD, and an unfinished character at the end too', () => {
  const { recording } = record()
  recording.output(Uint8Array.of(0x61, 0xff, 0x62, 0xc3, 0x28, 0xed, 0xa0, 0x80, 0xe4, 0xbd))
  recording.ended(0, 9)
  expect(outputOf(recording)).toBe('a\ufffdb\ufffd(\ufffd\ufffd\ufffd\ufffd')
  expect(eventsOf(recording).at(-1)).toEqual([0, 'x', '137'])
})

test('input is left out, and kept where it is asked for', () => {
  for (const input of [false, true]) {
    const { recording } = record({ input })
    recording.typed(Buffer.from('ls\r'))
    expect(eventsOf(recording)).toEqual(input ? [[0, 'i', 'ls\r']] : [])
    expect(recording.state.input).toBe(input)
  }
})

test('it can be read at any time, and what was read before is the beginning of what is read later', () => {
  const { clock, recording } = record()
  let before = fileOf(recording)
  for (let turn = 0; turn < 50; turn++) {
    recording.output(Buffer.from('0123456789abcdef'.repeat(turn * 40)))
    clock.ms += 5
    const now = fileOf(recording)
    expect(now.startsWith(before)).toBe(true)
    for (const line of now.trimEnd().split('\n')) JSON.parse(line)
    before = now
  }
})

test('a reader that began before the recording was forgotten still gets all of it', () => {
  const { recording } = record()
  recording.output(Buffer.from('abc '.repeat(100_000)))
  const whole = fileOf(recording)
  const pieces = castFile(recording, 3)
  const first = [pieces.next().value as Buffer, pieces.next().value as Buffer]
  recording.release()
  expect(Buffer.concat([...first, ...pieces]).toString()).toBe(whole)
})

/** Doesn't compress well, so that memory is what counts. */
function* noise(bytes: number): Generator<Buffer> {
  let seed = 1
  for (let made = 0; made < bytes; made += 4096)
    yield Buffer.from(
      Array.from({ length: 4096 }, () => {
        seed = (seed * 1103515245 + 12345) & 0x7fffffff
        return 0x20 + ((seed >> 16) % 95)
      }),
    )
}

test('at the limit of its text it stops with a mark that says so, keeps what it has, and takes no more', () => {
  const { clock, recording } = record({ limits: { heldBytes: MiB, textBytes: 10_000 } })
  const line = 'x'.repeat(85)
  for (let count = 0; count < 200; count++) {
    recording.output(Buffer.from(line))
    clock.ms++
  }
  const events = eventsOf(recording)
  // `[0.001, "o", "` and `"]` and the line break are 17 bytes around 85.
  expect(events.filter(([, code]) => code === 'o')).toHaveLength(Math.floor(10_000 / 102))
  expect(events.at(-1)).toEqual([0.001, 'm', 'Recording stopped: the limit of its size is reached'])
  const { durationMs, sizeBytes, stopped } = recording.state
  expect({ durationMs, stopped }).toEqual({ durationMs: 99, stopped: 'limit' })
  expect(sizeBytes).toBeGreaterThan(9_900)
  recording.output(Buffer.from('more'))
  recording.ended(0, 0)
  expect(recording.state).toMatchObject({ sizeBytes, stopped: 'limit', durationMs: 99 })
})

test('it never holds more memory than its limit, and gives all of it back', () => {
  const whole = 64 * MiB
  const budget = new ReplayBudget(whole)
  const limits = { heldBytes: MiB, textBytes: 64 * MiB }
  const { clock, recording } = record({ budget, limits })
  let most = 0
  for (const bytes of noise(8 * MiB)) {
    recording.output(bytes)
    clock.ms++
    most = Math.max(most, whole - budget.left)
  }
  expect(recording.state.stopped).toBe('limit')
  expect(most).toBeLessThanOrEqual(MiB)
  expect(most).toBeGreaterThan(MiB - 2 * blockBytes)
  recording.release()
  expect(budget.left).toBe(whole)
})

test('recordings share one memory: when it is spent each stops, and none takes what it lacks', () => {
  const budget = new ReplayBudget(4 * blockBytes)
  const recordings = [record({ budget }), record({ budget })]
  for (const bytes of noise(2 * MiB))
    for (const { clock, recording } of recordings) {
      recording.output(bytes)
      clock.ms++
      if (recording.isRunning) expect(budget.left).toBeGreaterThanOrEqual(0)
    }
  expect(recordings.map(({ recording }) => recording.state.stopped)).toEqual(['limit', 'limit'])
  for (const { recording } of recordings) recording.release()
  expect(budget.left).toBe(4 * blockBytes)
})
