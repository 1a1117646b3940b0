import { defineTool } from '../../core/tool.ts'
import type { ToolContext } from '../context.ts'
import { targetFlag } from '../target.ts'
import { duApplet } from './du/applet.ts'
import { findApplet } from './find/applet.ts'
import { inProcess } from './in-process.ts'
import { lsApplet } from './ls/applet.ts'
import { runFiles } from './run.ts'
import { event, input, view } from './schema.ts'
import { statApplet } from './stat/applet.ts'
import { renderFiles } from './text.ts'

/** What stands in a tree of files. */
export const files = defineTool({
  name: 'files',
  summary: 'List, search and measure files, our own or those of a target without a shell',
  description: `
With --target paths are those of that container, from its / on, and so are the names of users; no path leads out of it, and
nothing of it is run. A mount that doesn't answer is told of and left out.

  ditty files --target app /var/log
  ditty files --target app / --name '*.conf' --newer /etc/hostname
  ditty files / --file-type f --sort size --limit 20      the largest
  ditty files --target app /var --show usage --depth 1
  ditty files --target app / --expression=-perm --expression=/6000 --json`,
  input,
  view,
  event,
  positional: ['paths'],
  flags: [targetFlag, { field: 'recursive', short: 'R' }, { field: 'reverse', short: 'r' }],
  operands: { find: ['file'] },
  applets: { ls: lsApplet, find: findApplet, stat: statApplet, du: duApplet },
  readOnly: () => true,
  run: (input, context: ToolContext) => runFiles(input, context),
  outcome: ({ troubles }) => (troubles > 0 ? 'negative' : 'positive'),
  text: input => inProcess(renderFiles(input)),
})
