import { defineTool } from '../../core/tool.ts'
import type { ToolContext } from '../context.ts'
import { curl } from './curl/applet.ts'
import { ownFlags } from './own-flags.ts'
import { runFetch } from './run.ts'
import { event, input, view } from './schema.ts'
import { fetchText } from './text.ts'
import { wget } from './wget/applet.ts'

export const fetch = defineTool({
  name: 'fetch',
  summary: 'Fetch an address over HTTP or HTTPS, and tell where the time went',
  description: `
The body goes to stdout. On a terminal, or with --timing, the time line (name lookup, connection, TLS, waiting, body), the
addresses tried and the certificate chain follow on stderr. Every address tried, every redirect and everything wrong with a
certificate is told, not just the first. HTTP/1.1; each hop has a connection of its own; no proxy is used, whatever the
environment says. curl's flags work here too.

  ditty fetch http://10.0.0.7:8080/healthz
  ditty fetch --timing https://example.org/ > /dev/null
  ditty fetch --resolve example.org:443:192.0.2.1 https://example.org/
  ditty fetch -X POST -H 'Content-Type: application/json' -d '{"a":1}' http://api/items`,
  input,
  view,
  event,
  positional: ['url'],
  offers: { method: { words: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] } },
  flags: ownFlags,
  applets: { curl, wget },
  readOnly: ({ method, body, form, bodyAsQuery }) =>
    ((body === undefined && form === undefined) || bodyAsQuery) && /^(GET|HEAD)$/.test(method ?? 'GET'),
  run: (input, context: ToolContext) => runFetch(input, context),
  outcome: ({ status, failure }, { failOnStatus }) =>
    failure !== null || (failOnStatus && (status ?? 0) >= 400) ? 'negative' : 'positive',
  text: fetchText,
})
