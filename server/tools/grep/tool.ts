import { defineTool } from '../../core/tool.ts'
import type { ToolContext } from '../context.ts'
import { egrep, fgrep, grepApplet, sharedFlags } from './applet.ts'
import { runGrep } from './run.ts'
import { event, input, view } from './schema.ts'
import { renderGrep } from './text.ts'

export const grep = defineTool({
  name: 'grep',
  summary: "Show the lines of a container's files in which something stands",
  description: `
Paths are those of the target with --target, from its /; no link in it leads out. In folders, what the kernel makes up (/proc,
/sys) is left out, and a mount that does not answer is told of in two seconds. A pattern that would try for ever is matched by
a slower engine that does not, or refused.

  ditty grep --target app -r 'listen ' /etc/nginx
  ditty grep --target app --json -i error /var/log/app.log | jq .lineNumber`,
  input,
  view,
  event,
  positional: ['patterns', 'paths'],
  operands: { find: ['file'] },
  flags: sharedFlags,
  applets: { grep: grepApplet, egrep, fgrep },
  stoppable: true,
  readOnly: () => true,
  run: (input, context: ToolContext) => runGrep(input, context),
  outcome: ({ matches, troubles, decided }) => (decided || (matches > 0 && troubles === 0) ? 'positive' : 'negative'),
  text: renderGrep('ditty grep'),
})
