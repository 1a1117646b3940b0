import { isIP } from 'node:net'
import { ToolError } from '../../core/errors.ts'
import type { Applet, Draft } from '../../core/tool.ts'
import { hostText, usualTypes } from './host-text.ts'
import type { DnsEvent, Input, View } from './schema.ts'

export const host: Applet<Input, View, DnsEvent> = {
  usage: 'host [flags] NAME [SERVER]',
  summary: 'Look up a name with the search list, in the words of host(1): its addresses and mail servers, or one type',
  description: `
/etc/hosts is not looked in: a DNS server is asked. An address is looked up by its PTR.

  host example.com
  host -t SRV _https._tcp.web.default.svc.cluster.local 10.96.0.10

Exit status: 0 the server knows the name; 1 it does not, or none answered.`,
  flags: [
    { field: 'type', short: 't', metavar: 'TYPE' },
    { field: 'type', short: 'a', value: 'ANY', help: 'All records, in whole messages: -v -t ANY' },
    { field: 'class', short: 'c', metavar: 'CLASS', parse: word => word.toUpperCase() },
    { field: 'verbose', short: 'v' },
    { field: 'verbose', short: 'd', help: 'The same' },
    { field: 'tcp', short: 'T' },
    { field: 'recurse', short: 'r', value: false, help: "Don't ask the server to recurse" },
    { field: 'firstAnswerCounts', short: 's' },
    { field: 'timeoutSeconds', short: 'W', metavar: 'SECONDS' },
    { field: 'tries', short: 'R', metavar: 'N', parse: word => Number(word) + 1, help: 'Rounds after the first' },
    { field: 'ndots', short: 'N', metavar: 'N' },
    { field: 'port', short: 'p', metavar: 'PORT' },
    { field: 'family', short: '4', value: 4, help: 'Ask over IPv4 only' },
    { field: 'family', short: '6', value: 6, help: 'Ask over IPv6 only' },
  ],
  defaults: { timeoutSeconds: 5, tries: 2, hosts: false, edns: false },
  operand: (word, draft, index) => nameThenServer(word, draft, index, 'host NAME [SERVER]'),
  finish(draft) {
    if (draft.type === 'ANY') draft.verbose = true
    if (draft.type === undefined && !isIP(String(draft.name))) draft.type = usualTypes
  },
  text: hostText,
  exitStatus: ({ error, summary }) => {
    if (error) return error.code === 'cancelled' ? undefined : 1
    return summary && summary.rcode !== 'NOERROR' ? 1 : 0
  },
}

export function nameThenServer(word: string, draft: Draft, index: number, usage: string): void {
  if (index > 1) throw new ToolError('invalid_input', `one word too many: ${word} (usage: ${usage})`)
  draft[index === 0 ? 'name' : 'server'] = word
}
