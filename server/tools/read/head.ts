import { ToolError } from '../../core/errors.ts'
import type { Applet, Draft } from '../../core/tool.ts'
import { remedyLine } from '../contents/trouble-text.ts'
import { targetFlag } from '../target.ts'
import { countFlag, dashedCount, takeCount } from './count.ts'
import { exitStatus } from './exit-status.ts'
import type { ReadEvent, ReadInput, ReadView } from './schema.ts'
import { headerFlags, renderContent, troubleText } from './text.ts'

/** head(1) of coreutils. */
export const headApplet: Applet<ReadInput, ReadView, ReadEvent> = {
  usage: 'head [flags] [FILE…]',
  summary: 'Show the beginning of files',
  description: `
The first ten lines, or as many as -n or -c say.

  head -n 3 --target app /etc/passwd /etc/group
  head -c 1K /proc/1/environ

Exit status: 0 all shown; 1 not all could be read; 130 interrupted.`,
  flags: [countFlag('lines'), countFlag('bytes'), ...headerFlags, targetFlag],
  operands: { find: ['file'] },
  dashed: (word, draft) => dashedCount(word, draft, /^$/),
  finish,
  text: (input, view) =>
    renderContent(input, view, event =>
      event.type === 'trouble' ? [{ stderr: troubleText('head', event) + remedyLine('head', event) }] : [],
    ),
  exitStatus,
}

function finish(draft: Draft): void {
  const { sign, count } = takeCount(draft)
  if (sign === '-')
    throw new ToolError('invalid_input', 'all but the last of a file is not supported; tail counts from the end')
  draft.first = count
}
