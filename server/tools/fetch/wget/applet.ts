import { existsSync } from 'node:fs'
import { fileProblem } from '../../../core/file-problem.ts'
import type { Applet, Draft, Flag, WordFiles } from '../../../core/tool.ts'
import { urlProblem } from '../../../net/http/url.ts'
import { finishBody } from '../curl/data.ts'
import { headerFlag } from '../flags.ts'
import { type FetchEvent, type Input, longestSeconds, type View } from '../schema.ts'
import { exitStatus, WgetError } from './status.ts'
import { wgetText } from './text.ts'

const { short: _noShort, ...longHeaderFlag } = headerFlag

const flags: Flag[] = [
  { field: 'output', short: 'O', long: 'output-document', metavar: 'FILE', help: 'Write to this file; - is stdout' },
  { field: 'silent', short: 'q', long: 'quiet' },
  { field: 'include', short: 'S', long: 'server-response', help: "Show the server's headers" },
  { field: 'method', long: 'spider', value: 'HEAD', help: 'Only ask whether it is there' },
  { field: 'method', long: 'method', metavar: 'METHOD' },
  {
    field: 'idleTimeoutSeconds',
    short: 'T',
    long: 'timeout',
    metavar: 'SECONDS',
    parse: limit,
    help: 'Seconds for name, connection and each silence',
  },
  { field: 'connectTimeoutSeconds', long: 'connect-timeout', metavar: 'SECONDS', parse: limit },
  { field: 'tries', short: 't', long: 'tries', metavar: 'N', parse: tries },
  { field: 'maxRedirects', long: 'max-redirect', metavar: 'N' },
  { field: 'insecure', long: 'no-check-certificate' },
  {
    field: 'caCertificates',
    long: 'ca-certificate',
    metavar: 'FILE',
    help: 'Certificates (PEM) to trust instead of the public authorities',
    parse: async (path, _previous, files) => Buffer.from(await readNamed(path, files)).toString(),
  },
  longHeaderFlag,
  { field: 'userAgent', short: 'U', long: 'user-agent', metavar: 'NAME' },
  { field: 'body', long: 'post-data', metavar: 'DATA', help: 'Body to POST', parse: word => Buffer.from(word) },
  {
    field: 'body',
    long: 'post-file',
    metavar: 'FILE',
    help: 'File to POST',
    parse: (path, _previous, files) => readNamed(path, files),
  },
  {
    field: 'body',
    long: 'body-data',
    metavar: 'DATA',
    help: 'Body to send with --method',
    parse: word => Buffer.from(word),
  },
  { field: 'family', short: '4', long: 'inet4-only', value: 4, help: 'Only IPv4 addresses' },
  { field: 'family', short: '6', long: 'inet6-only', value: 6, help: 'Only IPv6 addresses' },
]

export const wget: Applet<Input, View, FetchEvent> = {
  summary:
    "Fetch an address over HTTP or HTTPS into a file named as the address's last part; tries once unless -t says more",
  usage: 'wget [flags] URL',
  description: `
Redirects are followed. A file that is already there is left alone: the new one ends in .1; -O overwrites. HTTP/1.1 alone; no
proxy, no recursion, nothing resumed.

  wget -qO- http://10.0.0.7:8080/healthz
  wget --spider -S https://example.org/
  wget -T 5 -t 3 -O page.html http://web/

Exit status: 0 done, 1 no URL or a malformed one, 2 usage, 3 file, 4 network, 5 certificate not trusted, 8 the server answered
with an error.`,
  flags,
  defaults: { timeoutSeconds: longestSeconds, followRedirects: true },
  operand: (word, draft) => {
    if (draft.url !== undefined) throw new WgetError(2, `one URL at a time; run wget again for ${word}`)
    draft.url = word
  },
  finish,
  text: wgetText,
  exitStatus,
}

function finish(draft: Draft): void {
  if (typeof draft.url !== 'string') throw new WgetError(1, 'missing URL; usage: wget [flags] URL')
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(draft.url)) draft.url = `http://${draft.url}`
  const problem = urlProblem(draft.url as string)
  if (problem) throw new WgetError(1, `${draft.url}: the address ${problem.message}`)
  if (draft.idleTimeoutSeconds !== undefined) draft.connectTimeoutSeconds ??= draft.idleTimeoutSeconds
  if (draft.output === undefined && draft.method !== 'HEAD') draft.output = freeName(new URL(draft.url as string))
  finishBody(draft)
}

async function readNamed(path: string, files: WordFiles): Promise<Uint8Array> {
  try {
    return await files.read(path)
  } catch (error) {
    throw new WgetError(3, `${path}: ${fileProblem(error)}`)
  }
}

/** The address's last part, `index.html` where it has none; `.1`, `.2`, … when the name is taken: wget overwrites only by -O. */
function freeName(url: URL): string {
  const last = `${url.pathname.slice(url.pathname.lastIndexOf('/') + 1) || 'index.html'}${url.search}`
  const name = decodedName(last).replace(/[/\0]/g, '%2F')
  if (!existsSync(name)) return name
  let number = 1
  while (existsSync(`${name}.${number}`)) number++
  return `${name}.${number}`
}

function decodedName(text: string): string {
  try {
    const name = decodeURIComponent(text)
    return name === '.' || name === '..' ? 'index.html' : name
  } catch {
    return text
  }
}

function limit(word: string): number {
  const seconds = Number(word)
  if (word.trim() === '' || !(seconds >= 0)) throw new WgetError(2, `a time limit is in seconds, not '${word}'`)
  return seconds === 0 ? longestSeconds : Math.min(seconds, longestSeconds)
}

function tries(word: string): number {
  const count = word === 'inf' ? 0 : Number(word)
  if (!Number.isInteger(count) || count < 0) throw new WgetError(2, `-t takes a number, not '${word}'`)
  return count === 0 ? 100 : Math.min(count, 100)
}
