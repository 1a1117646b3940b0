import { isIP } from 'node:net'
import { ToolError } from '../../core/errors.ts'
import type { Applet, Flag } from '../../core/tool.ts'
import { nameThenServer } from './host.ts'
import { nslookupText } from './nslookup-text.ts'
import type { DnsEvent, Input, View } from './schema.ts'

const typeFlag = (long: string): Flag => ({
  field: 'type',
  long,
  metavar: 'TYPE',
  help: 'Record type; default: A and AAAA, for an address PTR',
})

const usage = 'nslookup [flags] NAME [SERVER]'

export const nslookup: Applet<Input, View, DnsEvent> = {
  usage,
  summary: 'Look up a name with the search list, in the words of nslookup(1); flags take one dash or two',
  description: `
/etc/hosts is not looked in: a DNS server is asked. An address is looked up by its PTR. There is no interactive mode.

  nslookup kubernetes.default
  nslookup -type=mx example.com 10.96.0.10

Exit status: 0 the server knows the name; 1 it does not, or none answered.`,
  singleDash: true,
  flags: [
    ...['type', 'query', 'querytype', 'q'].map(typeFlag),
    { field: 'class', long: 'class', metavar: 'CLASS', parse: word => word.toUpperCase() },
    { field: 'port', long: 'port', metavar: 'PORT' },
    { field: 'timeoutSeconds', long: 'timeout', metavar: 'SECONDS' },
    { field: 'tries', long: 'retry', metavar: 'N' },
    { field: 'ndots', long: 'ndots', metavar: 'N' },
    { field: 'tcp', long: 'vc' },
    { field: 'tcp', long: 'novc', value: false, help: 'Ask over UDP first' },
    { field: 'recurse', long: 'recurse' },
    { field: 'recurse', long: 'norecurse', value: false, help: "Don't ask the server to recurse" },
    { field: 'search', long: 'search' },
    { field: 'search', long: 'nosearch', value: false, help: "Don't use the search list" },
    { field: 'firstAnswerCounts', long: 'fail' },
    { field: 'firstAnswerCounts', long: 'nofail', value: false, help: 'Ask the next server after SERVFAIL' },
  ],
  defaults: { timeoutSeconds: 5, tries: 3, hosts: false, edns: false },
  operand: (word, draft, index) => nameThenServer(word, draft, index, usage),
  finish(draft) {
    if (draft.name === undefined)
      throw new ToolError('invalid_input', `the interactive mode is not supported; usage: ${usage}`)
    if (draft.type === undefined && !isIP(String(draft.name))) draft.type = 'A,AAAA'
  },
  text: nslookupText,
  exitStatus: ({ error, summary }) => {
    if (error) return error.code === 'cancelled' ? undefined : 1
    return summary && summary.rcode !== 'NOERROR' ? 1 : 0
  },
}
