import { defineTool } from '../../core/tool.ts'
import { targetFlag } from '../target.ts'
import { freeApplet } from './free.ts'
import { runLimits } from './run.ts'
import { event, input, view } from './schema.ts'
import { renderLimits } from './text.ts'
import { uptimeApplet } from './uptime.ts'

/** What a container may use, has used and was refused, by its cgroup; beside it the node, which /proc shows everywhere. */
export const limits = defineTool({
  name: 'limits',
  summary: "Show a container's limits and use of memory, CPU, tasks and io beside the node's",
  description: `
Of the container that ditty stands beside, or else of its own: limits and use of its cgroup (v1, v2 or both), OOM kills,
throttling, pressure and io, with the numbers of /proc beside them, which are the node's, and which of the two to trust.
A limit is the tightest of the cgroup's own and of those above it, as far as they can be seen.

  ditty limits
  ditty limits --target app --interval-seconds 5
  ditty limits --json | jq 'select(.type == "memory").oomKills'`,
  input,
  view,
  event,
  positional: ['target'],
  flags: [
    targetFlag,
    { field: 'container', long: 'host', value: false, help: "The node's own numbers alone" },
    { field: 'intervalSeconds', short: 's', long: 'interval-seconds', metavar: 'N' },
    { field: 'count', short: 'c', long: 'count', metavar: 'N' },
  ],
  applets: { free: freeApplet, uptime: uptimeApplet },
  stoppable: true,
  readOnly: () => true,
  run: runLimits,
  outcome: () => 'positive',
  text: renderLimits,
})
