import { defineTool } from '../../core/tool.ts'
import { netstat } from './netstat.ts'
import { runPorts } from './run.ts'
import { event, input, view } from './schema.ts'
import { protocolFlags, sharedFlags, ss } from './ss.ts'
import { renderTable } from './table.ts'

/** TCP, UDP and unix sockets of this network namespace and who holds them, in the words of ss(8). */
export const ports = defineTool({
  name: 'ports',
  summary: 'List sockets, listening and connected, with the processes that hold them',
  description: `
Sockets come from the kernel's sock_diag, or from /proc/net where that is denied. An owner is found by reading every
process's /proc/PID/fd; where it can't be seen, the reason and what would grant the view stand in its place.

  ditty ports --listening          what this pod serves
  ditty ports -t --state ESTAB     TCP connections
  ditty ports -tulpn               the flags of ss do too
  ditty ports --json | jq -r 'select(.localPort == 8080)'`,
  input,
  view,
  event,
  positional: [],
  flags: [
    ...protocolFlags,
    { field: 'protocol', long: 'protocol', metavar: 'NAME' },
    { field: 'listening', short: 'l', long: 'listening', help: 'Only sockets that wait for peers' },
    { field: 'listening', long: 'connected', value: false, help: 'Only sockets that have a peer, or had one' },
    { field: 'listening', short: 'a', long: 'all', value: null, help: 'Both (default)' },
    ...sharedFlags,
    { field: 'services', long: 'services' },
    { field: 'extended', short: 'e', long: 'extended' },
    { field: 'processes', long: 'no-processes', value: false, help: "Don't look for owners" },
  ],
  applets: { ss, netstat },
  readOnly: () => true,
  run: runPorts,
  outcome: () => 'positive',
  text: (input, view, screen) => {
    const render = renderTable(input, view, screen)
    return event => ('bytes' in event ? undefined : render(event))
  },
})
