import { expect, test } from 'vitest'
import { decodeServerFrame } from '../../server/protocol/terminal-frames.ts'
import { Audience } from '../../server/terminal/audience.ts'
import { defaultLimits } from '../../server/terminal/limits.ts'
import { fullAccess } from '../../server/terminal/links.ts'
import { ReplayBudget } from '../../server/terminal/replay-budget.ts'
import { ReplayRing } from '../../server/terminal/replay-ring.ts'
import type { ViewerSocket } from '../../server/terminal/viewer-socket.ts'

/** A socket's near side: notes what it is told to do. */
function notingSocket() {
  const told: string[] = []
  const socket: ViewerSocket = {
    send: data => told.push(decodeServerFrame(data).type),
    close: code => told.push(`close ${code}`),
    terminate: () => told.push('terminate'),
    ping: () => undefined,
    pause: () => undefined,
    resume: () => undefined,
    on: () => undefined,
  }
  return { told, socket }
}

test('each viewer is told the end once, and nothing after it', () => {
  const audience: Audience = new Audience(new ReplayRing(1 << 20, new ReplayBudget(0)), defaultLimits, {
    surroundings: () => ({ title: 'ended', size: { cols: 80, rows: 24 }, recording: null, offers: [] }),
    input: () => undefined,
    resize: () => undefined,
    snapshot: () => Promise.reject(new Error('nothing was printed')),
    // As a session that has ended: whenever anything moves, whoever has all is told.
    progress: () => hasEnded && audience.sayExit(0, 0),
  })
  let hasEnded = false
  const viewers = [notingSocket(), notingSocket(), notingSocket()]
  for (const { socket } of viewers) audience.admit({}, socket, fullAccess)
  hasEnded = true
  audience.sayExit(0, 0)
  for (const { told } of viewers) {
    expect(told.filter(what => what !== 'state')).toEqual(['exit', 'close 4409'])
    expect(told.at(-1)).toBe('close 4409')
  }
  expect(audience.size).toBe(0)
})
