import type { Draft, Flag } from '../../../core/tool.ts'
import { targetFlag } from '../../target.ts'
import { beginsExpression, parseExpression } from '../expression/parse.ts'
import { type FilesApplet, inProcess } from '../in-process.ts'
import { renderFind } from './text.ts'

const follow = (short: string, value: string, help: string): Flag => ({ field: 'followLinks', short, value, help })

/** find(1) of findutils; its words are read as one expression, in order. */
export const findApplet: FilesApplet = {
  usage: 'find [-H] [-L] [-P] [PATH…] [EXPRESSION]',
  summary: "Search a tree, as find(1) does: ours, or the target's with --target",
  description: `
Tests, operators and options are those of findutils: -name -iname -path -ipath -regex -iregex -lname -type -xtype -size -mtime
-mmin (a, c, too) -newer -newerXY -user -uid -group -gid -nouser -nogroup -perm -empty -links -inum -samefile -fstype; ( ) ! -a -o
and a comma; -maxdepth -mindepth -xdev -depth -daystart -regextype; -print -print0 -printf -ls -prune -quit. What changes something
(-delete, -exec) is left to xargs.

  find --target app / -xdev -size +100M -ls
  find --target app /var/log -name '*.log' -mmin -10
  find . -type f -printf '%s %p\\n'
  find --target app / -perm /6000 -type f --json

Exit status: 0 all was seen, 1 something could not be looked at.`,
  flags: [
    targetFlag,
    follow('H', 'named', 'Follow links that are named'),
    follow('L', 'always', 'Follow all links'),
    follow('P', 'never', 'Follow no links (the default)'),
  ],
  defaults: { show: 'find', details: false, paths: [], expression: [] },
  operands: { find: ['file'] },
  dashed(word, draft) {
    const begun = words(draft, 'expression').length > 0
    if (!begun && /^-[HLP]+$/.test(word)) return false
    draft.expression = [...words(draft, 'expression'), word]
    return true
  },
  operand(word, draft) {
    const field = words(draft, 'expression').length > 0 || beginsExpression(word) ? 'expression' : 'paths'
    draft[field] = [...words(draft, field), word]
  },
  finish(draft) {
    parseExpression(words(draft, 'expression'))
  },
  text: (input, _view, screen) => inProcess(renderFind(input, screen)),
  exitStatus: ({ error, summary }) =>
    error ? (error.code === 'cancelled' ? undefined : 1) : summary?.type === 'summary' && summary.troubles > 0 ? 1 : 0,
}

const words = (draft: Draft, field: string) => draft[field] as string[]
