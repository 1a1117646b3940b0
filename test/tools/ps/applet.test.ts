import { expect, test } from 'vitest'
import { commandOf } from '../../../server/cli/grammar.ts'
import { parseWords } from '../../../server/cli/parse.ts'
import { ps } from '../../../server/tools/ps/tool.ts'

const noFiles = { read: () => Promise.reject(new Error('no file is read')) }
const draftOf = async (line: string) =>
  (await parseWords(commandOf(ps as never, 'ps'), line.split(' ').filter(Boolean), noFiles)).draft

test.each([
  ['', { layout: 'short', scope: 'own' }],
  ['aux', { layout: 'user', scope: 'terminals', withoutTerminal: true }],
  ['-aux', { layout: 'user', scope: 'terminals', withoutTerminal: true }],
  ['auxww', { layout: 'user', scope: 'terminals', withoutTerminal: true, wide: true }],
  ['-auxww', { layout: 'user', scope: 'terminals', withoutTerminal: true, wide: true }],
  ['auxf', { layout: 'user', scope: 'terminals', withoutTerminal: true, forest: true }],
  ['ax', { layout: 'bsd', scope: 'terminals', withoutTerminal: true }],
  ['x', { layout: 'bsd', scope: 'own', withoutTerminal: true }],
  ['u', { layout: 'user', scope: 'own' }],
  ['-e', { layout: 'short', scope: 'all' }],
  ['-ef', { layout: 'full', scope: 'all' }],
  ['-ef --forest', { layout: 'full', scope: 'all', forest: true }],
  ['-p 1,2', { layout: 'short', pids: [1, 2] }],
  ['-p1 -p 2', { layout: 'short', pids: [1, 2] }],
  ['-fp 1', { layout: 'full', pids: [1] }],
  ['1 2', { layout: 'bsd', pids: [1, 2] }],
  ['u 1', { layout: 'user', pids: [1] }],
  ['-u 1000,web', { layout: 'short', users: ['1000', 'web'] }],
  ['-C nginx', { layout: 'short', comms: ['nginx'] }],
  ['-eo pid,ppid,args=WHAT', { layout: 'short', scope: 'all', columns: ['pid', 'ppid', 'args=WHAT'] }],
  ['axo pid,comm', { layout: 'bsd', scope: 'terminals', withoutTerminal: true, columns: ['pid', 'comm'] }],
  ['axopid,comm', { layout: 'bsd', scope: 'terminals', withoutTerminal: true, columns: ['pid', 'comm'] }],
  ['-e --sort=-rss,pid', { layout: 'short', scope: 'all', sort: ['-rssBytes', 'pid'] }],
  ['-o pid= -p 1', { layout: 'short', pids: [1], columns: ['pid='] }],
])('ps %s', async (line, draft) => {
  expect(await draftOf(line)).toEqual(draft)
})

test.each(['-l', '-L', 'zz', 'auxe', '-p abc', '-p 0', '-p ,', '-o colour', 'axo', '--sort=colour', '--nonsense'])(
  'ps %s is an error that says so',
  async line => {
    await expect(draftOf(line)).rejects.toMatchObject({ code: 'invalid_input' })
  },
)

test('as in procps the status is 1 when nothing was selected or understood', () => {
  const { exitStatus } = ps.applets.ps!
  const summary = { type: 'summary', threads: 0, containers: [], vanished: 0, missing: [1], notes: [] } as const
  expect(exitStatus?.({ summary: { ...summary, containers: [], missing: [1], notes: [], processes: 0 } })).toBe(1)
  expect(exitStatus?.({ summary: { ...summary, containers: [], missing: [1], notes: [], processes: 2 } })).toBe(0)
})
