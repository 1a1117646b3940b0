import type { Applet } from '../../core/tool.ts'
import { targetFlag } from '../target.ts'
import type { LimitsEvent, LimitsInput, LimitsView } from './schema.ts'
import { renderUptime } from './uptime-text.ts'

/** uptime(1) of procps 4. */
export const uptimeApplet: Applet<LimitsInput, LimitsView, LimitsEvent> = {
  usage: 'uptime [flags]',
  summary: 'How long the node is up, as uptime(1) shows it, and since when the container runs',
  description: `
/proc/uptime and the load average are the node's, even inside of a container. A second line says when the container's first
process started: of the one that ditty stands beside, or its own. -p and -s print the node's alone.

  uptime
  uptime -s

Exit status: 0 shown; 1 could not look.`,
  flags: [
    { field: 'pretty', short: 'p', long: 'pretty' },
    { field: 'since', short: 's', long: 'since' },
    targetFlag,
    { field: 'container', long: 'host', value: false, help: "Only the node's line, as uptime(1)" },
  ],
  defaults: { parts: [] },
  text: renderUptime,
  exitStatus: ({ error }) => (error ? (error.code === 'cancelled' ? undefined : 1) : 0),
}
