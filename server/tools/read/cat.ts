import type { Applet, Flag } from '../../core/tool.ts'
import { remedyLine } from '../contents/trouble-text.ts'
import { targetFlag } from '../target.ts'
import { exitStatus } from './exit-status.ts'
import type { ReadEvent, ReadInput, ReadView } from './schema.ts'
import { renderContent } from './text.ts'

/** Those that several short ones stand for. */
export const filterFlags: Flag[] = [
  { field: 'number', short: 'n', long: 'number' },
  { field: 'numberNonblank', short: 'b', long: 'number-nonblank' },
  { field: 'squeezeBlank', short: 's', long: 'squeeze-blank' },
  { field: 'showEnds', short: 'E', long: 'show-ends' },
  { field: 'showTabs', short: 'T', long: 'show-tabs' },
  { field: 'showNonprinting', short: 'v', long: 'show-nonprinting' },
]

/** cat(1) of coreutils. */
export const catApplet: Applet<ReadInput, ReadView, ReadEvent> = {
  usage: 'cat [flags] [FILE…]',
  summary: 'Show files, one after the other',
  description: `
Without a file, or where it is -, standard input. A path is one of the target's with --target, from its /. Pipes, sockets and
devices are named and not read; as standard input they are.

  cat --target app /etc/hosts
  cat -A config.yaml      line ends, tabs and what can't be printed
  cat < /dev/ttyS0

Exit status: 0 all shown; 1 not all could be read; 130 interrupted.`,
  flags: [
    ...filterFlags,
    { field: 'show', short: 'A', long: 'show-all', value: 'all', help: 'The same as -vET' },
    { field: 'show', short: 'e', value: 'ends', help: 'The same as -vE' },
    { field: 'show', short: 't', value: 'tabs', help: 'The same as -vT' },
    { field: 'headers', short: 'u', value: 'never', help: 'Nothing is kept back; always so' },
    targetFlag,
  ],
  operands: { find: ['file'] },
  defaults: { headers: 'never' },
  text: (input, view) =>
    renderContent(input, view, event =>
      event.type === 'trouble' ? [{ stderr: `cat: ${event.path}: ${event.problem}\n${remedyLine('cat', event)}` }] : [],
    ),
  exitStatus,
}
