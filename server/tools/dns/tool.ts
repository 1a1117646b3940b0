import { defineTool } from '../../core/tool.ts'
import { knownTypes } from '../../net/dns/registries.ts'
import type { ToolContext } from '../context.ts'
import { dig, digOperands } from './dig.ts'
import { host } from './host.ts'
import { lookUp } from './look-up.ts'
import { nslookup } from './nslookup.ts'
import { event, input, view } from './schema.ts'
import { text } from './text.ts'
import { takeWord } from './words.ts'

export const dns = defineTool({
  name: 'dns',
  summary: 'Look up a name, and show every query on the way',
  description: `
Goes the way the system's resolver goes (/etc/hosts, then the servers of /etc/resolv.conf with its search list, ndots, timeout
and attempts), but asks by itself, so each query shows: which server, which name, what came back, and how long it took. A name
with a final dot skips the search list. A server that is named is asked without /etc/hosts.

  ditty dns kubernetes.default              what a program in this pod would get, and what it costs
  ditty dns kubernetes.default.svc.cluster.local. -t A,AAAA
  ditty dns _https._tcp.web.default.svc.cluster.local. -t SRV -s 10.96.0.10
  ditty dns 10.96.0.1                       the name of an address

A name may be followed by a type, and dig's @SERVER and +options do too: ditty dns @10.96.0.10 example.com MX +tcp`,
  input,
  view,
  event,
  positional: ['name'],
  operand: takeWord,
  operands: digOperands,
  offers: { name: { find: ['host'] }, type: { words: knownTypes }, server: { find: ['host'] } },
  flags: [
    { field: 'type', short: 't', long: 'type', metavar: 'TYPE' },
    { field: 'server', short: 's', long: 'server', metavar: 'SERVER' },
    { field: 'port', short: 'p', long: 'port', metavar: 'PORT' },
    { field: 'reverse', short: 'x', long: 'reverse' },
    { field: 'tcp', short: 'T', long: 'tcp' },
    { field: 'recurse', long: 'no-recurse', value: false, help: "Don't ask the server to recurse" },
    { field: 'timeoutSeconds', short: 'W', long: 'timeout', metavar: 'SECONDS' },
    { field: 'tries', short: 'R', long: 'tries', metavar: 'N' },
    { field: 'search', long: 'no-search', value: false, help: "Don't use the search list" },
    { field: 'hosts', long: 'no-hosts', value: false, help: "Don't look in /etc/hosts" },
    { field: 'edns', long: 'no-edns', value: false, help: 'Send no EDNS option record' },
    { field: 'family', short: '4', long: 'ipv4', value: 4, help: 'Ask servers over IPv4 only' },
    { field: 'family', short: '6', long: 'ipv6', value: 6, help: 'Ask servers over IPv6 only' },
    { field: 'short', long: 'short' },
  ],
  applets: { dig, host, nslookup },
  readOnly: () => true,
  run: (input, context: ToolContext) => lookUp(input, context),
  outcome: ({ rcode, matching }) => (rcode === 'NOERROR' && matching > 0 ? 'positive' : 'negative'),
  text,
})
