import { ToolError } from '../../../core/errors.ts'
import type { Draft, Flag } from '../../../core/tool.ts'
import { targetFlag } from '../../target.ts'
import { type FilesApplet, inProcess } from '../in-process.ts'
import { checkTemplate, renderStat } from './text.ts'

/** In a draft, until finish(): the last of both flags counts. */
interface Template {
  text: string
  escapes: boolean
}

const templateFlag = (escapes: boolean, names: Pick<Flag, 'short' | 'long' | 'help'>): Flag => ({
  field: 'template',
  metavar: 'FORMAT',
  parse: (text): Template => ({ text, escapes }),
  ...names,
})

/** stat(1) of coreutils. */
export const statApplet: FilesApplet = {
  usage: 'stat [flags] PATH…',
  summary: "The status of files or file systems, as stat(1) shows it: ours, or the target's with --target",
  description: `
Formats have the directives of coreutils: %a %A %b %B %d %D %f %F %g %G %h %i %m %n %N %o %r %R %s %t %T %u %U %w %W %x %X %y %Y
%z %Z, %Hd %Ld %Hr %Lr, and with -f %a %b %c %d %f %i %l %n %s %S %t %T; one that isn't known is an error.

  stat --target app /app/server
  stat --target app -c '%U:%G %a %n' /etc/passwd /tmp
  stat --target app -f /data

Exit status: 0 all was seen, 1 something could not be.`,
  flags: [
    targetFlag,
    { field: 'followLinks', short: 'L', long: 'dereference', value: 'always', help: 'What links lead to' },
    { field: 'show', short: 'f', long: 'file-system', value: 'statfs', help: 'The file system that each stands on' },
    templateFlag(false, { short: 'c', long: 'format', help: 'That of each, and a newline' }),
    templateFlag(true, { long: 'printf', help: 'The same with escapes (\\n), and no newline' }),
    { field: 'terse', short: 't', long: 'terse' },
  ],
  defaults: { show: 'stat' },
  operands: { find: ['file'] },
  finish,
  text: (input, view, screen) => inProcess(renderStat(input, view, screen)),
  exitStatus: ({ error, summary }) =>
    error ? (error.code === 'cancelled' ? undefined : 1) : summary?.type === 'summary' && summary.troubles > 0 ? 1 : 0,
}

function finish(draft: Draft): void {
  const paths = (draft.paths ?? []) as string[]
  if (paths.length === 0) throw new ToolError('invalid_input', 'paths: stat needs at least one: stat PATH')
  if (paths.includes('-'))
    throw new ToolError('invalid_input', 'paths: - is standard input to stat(1), which is not read here; a file is ./-')
  if (draft.template === undefined) return
  const { text, escapes } = draft.template as Template
  checkTemplate(text, escapes, draft.show)
  Object.assign(draft, { template: text, escapes })
}
