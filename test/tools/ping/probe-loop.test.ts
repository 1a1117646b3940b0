import { expect, test } from 'vitest'
import { probe, reply, SteppedClock } from './scripted-prober.ts'

test('requests leave at their pace and the summary adds up what came back', async () => {
  const { events, sent } = await probe({ count: 3, intervalSeconds: 0.5 }, seq => [reply(seq)])
  expect(sent.map(({ at }) => at)).toEqual([1000, 1500, 2000])
  expect(events).toMatchObject([
    { type: 'reply', seq: 1, rttMs: 1, duplicate: false, late: false },
    { type: 'reply', seq: 2, rttMs: 2 },
    { type: 'reply', seq: 3, rttMs: 3 },
    {
      type: 'summary',
      transmitted: 3,
      received: 3,
      lossRatio: 0,
      elapsedMs: 1003,
      pipe: 1,
      rttMs: { min: 1, avg: 2, max: 3, mdev: 0.816 },
    },
  ])
})

test('a request without an answer is lost when its time is over, while others go on', async () => {
  const { events } = await probe({ count: 3, timeoutSeconds: 1.5 }, seq => (seq === 1 ? [] : [reply(2)]))
  expect(events.map(event => ('seq' in event ? [event.type, event.seq] : event.type))).toEqual([
    ['reply', 2],
    ['lost', 1],
    ['reply', 3],
    'summary',
  ])
  expect(events[1]).toMatchObject({ reason: 'timeout', peerAddress: null, message: 'no answer within 1.5 s' })
})

test('a reply that comes after it was given up is late, and counts', async () => {
  const { events } = await probe({ count: 2, timeoutSeconds: 0.5 }, seq => [reply(seq === 1 ? 700 : 1)])
  expect(events).toMatchObject([
    { type: 'lost', seq: 1, reason: 'timeout' },
    { type: 'reply', seq: 1, late: true, rttMs: 700 },
    { type: 'reply', seq: 2, late: false },
    { type: 'summary', transmitted: 2, received: 2, lossRatio: 0 },
  ])
})

test('a second answer to one request is a duplicate, and does not count', async () => {
  const { events } = await probe({ count: 2 }, () => [reply(1), reply(5)])
  expect(events.filter(event => event.type === 'reply').map(({ seq, duplicate }) => [seq, duplicate])).toEqual([
    [1, false],
    [1, true],
    [2, false],
  ])
  expect(events.at(-1)).toMatchObject({ received: 2, duplicates: 1, rttMs: { max: 1 } })
})

test('an error names who said so, ends the wait for that request, and is counted once', async () => {
  const error = (afterMs: number) => ({ afterMs, finding: { kind: 'lost', rttMs: null } as const })
  const { events } = await probe({ count: 1, timeoutSeconds: 60 }, () => [error(3), error(4)])
  expect(events).toMatchObject([
    { type: 'lost', seq: 1, reason: 'host_unreachable', peerAddress: '10.0.0.1' },
    { type: 'summary', transmitted: 1, received: 0, errors: 1, unsent: 0, lossRatio: 1, rttMs: null },
  ])
})

test('a time that the wall clock made impossible is bounded by the steady clock', async () => {
  const { events } = await probe({ count: 2 }, seq => [reply(8, seq === 1 ? -3_600_000 : 3_600_000)])
  expect(events).toMatchObject([{ rttMs: 8 }, { rttMs: 8 }, { rttMs: { min: 8, max: 8 } }])
})

test('a full queue is tried again and not counted', async () => {
  let tries = 0
  const { events, sent } = await probe({ count: 2, intervalSeconds: 0 }, () => (tries++ < 3 ? 'busy' : [reply(1)]))
  expect(sent.map(({ seq }) => seq)).toEqual([1, 2])
  expect(events.at(-1)).toMatchObject({ transmitted: 2, received: 2 })
})

test('what the kernel refuses is lost and unsent; it is tried on at its pace', async () => {
  const { events, sent } = await probe({ count: 2, intervalSeconds: 1 }, () => 'refused')
  expect(sent.map(({ at }) => at)).toEqual([1000, 2000])
  expect(events).toMatchObject([
    { type: 'lost', seq: 1, reason: 'prohibited', error: 'EACCES', peerAddress: null },
    { type: 'lost', seq: 2 },
    { transmitted: 2, received: 0, errors: 0, unsent: 2 },
  ])
})

test('with an interval of 0 each answer brings the next request, and silence one in 10 ms', async () => {
  const answered = await probe({ count: 4, intervalSeconds: 0 }, () => [reply(2)])
  expect(answered.sent.map(({ at }) => at)).toEqual([1000, 1002, 1004, 1006])
  const silent = await probe({ count: 4, intervalSeconds: 0, timeoutSeconds: 1 }, () => [])
  expect(silent.sent.map(({ at }) => at)).toEqual([1000, 1010, 1020, 1030])
})

test('no more requests are under way than can be told apart', async () => {
  const { events, sent } = await probe({ count: 6, intervalSeconds: 0.001, timeoutSeconds: 1 }, () => [], {
    maxInFlight: 2,
  })
  expect(sent).toHaveLength(6)
  for (const [at, { at: time }] of sent.entries())
    expect(sent.filter(({ at: other }) => other <= time && other > time - 1000).length, `request ${at}`).toBeLessThan(3)
  expect(events.at(-1)).toMatchObject({ transmitted: 6, received: 0 })
})

test('sequences pass 65,535 without a wrap', async () => {
  const { events } = await probe({ count: 65_600, intervalSeconds: 0 }, () => [reply(0.01)])
  const replies = events.filter(event => event.type === 'reply')
  expect(replies.every(({ seq }, at) => seq === at + 1)).toBe(true)
  expect(events.at(-1)).toMatchObject({ transmitted: 65_600, received: 65_600, duplicates: 0 })
})

test('under a deadline sending goes on until count replies have come', async () => {
  const { events, sent } = await probe({ count: 2, deadlineSeconds: 60 }, seq => (seq < 4 ? [] : [reply(1)]))
  expect(sent).toHaveLength(5)
  expect(events.at(-1)).toMatchObject({ transmitted: 5, received: 2 })
})

test('the deadline ends it whatever is under way', async () => {
  const clock = new SteppedClock()
  const { events } = await probe({ count: 0, deadlineSeconds: 2.5, timeoutSeconds: 60 }, () => [], { clock })
  expect(clock.time).toBe(3500)
  expect(events).toMatchObject([{ type: 'summary', transmitted: 3, received: 0, lossRatio: 1 }])
})

test('a stop ends it with the summary', async () => {
  const stop = new AbortController()
  const { events } = await probe(
    { count: 0 },
    seq => {
      if (seq === 3) stop.abort()
      return [reply(1)]
    },
    { stop },
  )
  expect(events.at(-1)).toMatchObject({ type: 'summary', transmitted: 3, received: 2 })
})
