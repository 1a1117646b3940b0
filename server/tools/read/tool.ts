import { defineTool } from '../../core/tool.ts'
import type { ToolContext } from '../context.ts'
import { targetFlag } from '../target.ts'
import { catApplet, filterFlags } from './cat.ts'
import { headApplet } from './head.ts'
import { runRead } from './run.ts'
import { event, input, view } from './schema.ts'
import { tailApplet } from './tail.ts'
import { renderRead } from './text.ts'

export const read = defineTool({
  name: 'read',
  summary: "Show a container's files, whole or in part, and what they grow by",
  description: `
Paths are those of the target with --target, from its /; no link in it leads out. What can't be read is told of, with what
would have to change, and the rest is shown. Pipes, sockets and devices are named and not read. By the API the content comes as
body events behind a file event each; as NDJSON it has no end that matters.

  ditty read --target app /etc/nginx/nginx.conf
  ditty read --target app --last 100 --follow name /var/log/app.log
  ditty read --from 1000 --unit bytes dump.bin`,
  input,
  view,
  event,
  positional: ['paths'],
  operands: { find: ['file'] },
  flags: [targetFlag, ...filterFlags, { field: 'follow', long: 'follow', metavar: 'HOW', bare: 'name' }],
  applets: { cat: catApplet, tail: tailApplet, head: headApplet },
  stoppable: true,
  readOnly: () => true,
  run: (input, context: ToolContext) => runRead(input, context),
  outcome: ({ troubles }) => (troubles > 0 ? 'negative' : 'positive'),
  text: renderRead,
})
