import type { Applet, Draft, Flag } from '../../core/tool.ts'
import type { TroubleEvent } from '../contents/trouble.ts'
import { remedyLine } from '../contents/trouble-text.ts'
import { targetFlag } from '../target.ts'
import { countFlag, dashedCount, takeCount } from './count.ts'
import { exitStatus } from './exit-status.ts'
import type { ChangeEvent, ReadEvent, ReadInput, ReadView } from './schema.ts'
import { headerFlags, renderContent, troubleText } from './text.ts'

const flags: Flag[] = [
  countFlag('lines'),
  countFlag('bytes'),
  {
    field: 'follow',
    short: 'f',
    value: 'descriptor',
    help: 'Wait for more of the file that was opened, whatever its name is then',
  },
  { field: 'follow', long: 'follow', metavar: 'HOW', bare: 'descriptor', help: 'The same: descriptor, or name' },
  { field: 'follow', short: 'F', value: 'retry', help: 'The same as --follow=name --retry' },
  { field: 'retry', long: 'retry' },
  {
    field: 'intervalSeconds',
    short: 's',
    long: 'sleep-interval',
    metavar: 'N',
    help: 'Look for more at least each so many seconds',
  },
  { field: 'whilePid', long: 'pid', metavar: 'PID' },
  { field: 'seconds', long: 'seconds', metavar: 'N' },
  ...headerFlags,
  targetFlag,
]

/** tail(1) of coreutils. */
export const tailApplet: Applet<ReadInput, ReadView, ReadEvent> = {
  usage: 'tail [flags] [FILE…]',
  summary: 'Show the end of files, and what they grow by',
  description: `
The last ten lines, or as many as -n or -c say; +N is from the Nth on. A large file is read from its end. With -F a rotated log
is gone on with, with -f the old one is.

  tail -F --target app /var/log/nginx/error.log
  tail -n +100 -q *.log
  tail -f --pid 7 --json /proc/7/root/app/log

Exit status: 0 all shown; 1 not all could be read, or no file is left to be followed; 130 interrupted.`,
  flags,
  operands: { find: ['file'] },
  dashed: (word, draft) => dashedCount(word, draft, /^f?$/),
  finish,
  text(input, view) {
    const render = renderContent(input, view, words)
    return event => {
      const chunks = render(event)
      if (event.type !== 'summary' || !('ending' in event) || event.ending !== 'no files remaining') return chunks
      return [...[chunks ?? []].flat(), { stderr: 'tail: no files remaining\n' }]
    }
  },
  exitStatus: exitStatus,
}

function finish(draft: Draft): void {
  const { sign, count } = takeCount(draft)
  if (sign === '+') draft.from = Math.max(1, count)
  else draft.last = count
  const isNothing = draft.last === 0 && draft.follow === undefined
  if (isNothing) draft.headers = 'never'
  if (draft.follow !== 'retry') return
  draft.follow = 'name'
  draft.retry = true
}

function words(event: TroubleEvent | ChangeEvent) {
  if (event.type === 'trouble') return [{ stderr: troubleText('tail', event) + remedyLine('tail', event) }]
  const { path, change, problem } = event
  const text = {
    truncated: `${path}: file truncated`,
    replaced: `'${path}' has been replaced;  following new file`,
    appeared: `'${path}' has appeared;  following new file`,
    accessible: `'${path}' has become accessible`,
    inaccessible: `'${path}' has become inaccessible: ${problem}`,
    'not followed': `${path}: cannot follow end of this type of file; giving up on this name`,
  }[change]
  return [{ stderr: `tail: ${text}\n` }]
}
