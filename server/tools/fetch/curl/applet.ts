import type { Applet, Draft, Flag } from '../../../core/tool.ts'
import { lastPart, urlProblem } from '../../../net/http/url.ts'
import { headerFlag, withHeader } from '../flags.ts'
import { type FetchEvent, type Input, longestSeconds, type View } from '../schema.ts'
import { unknownVariables } from '../write-out.ts'
import { dataFlags, finishBody, readNamed } from './data.ts'
import { CurlError, exitStatus } from './error.ts'
import { curlText } from './text.ts'

const setsHeader = (name: string, flag: Omit<Flag, 'field' | 'parse'>, value = (word: string) => word): Flag => ({
  ...flag,
  field: 'headers',
  parse: (word, previous) => withHeader((previous ?? {}) as Record<string, string>, `${name}: ${value(word)}`),
})

export const curlFlags: Flag[] = [
  { field: 'method', short: 'X', long: 'request', metavar: 'METHOD' },
  headerFlag,
  ...dataFlags,
  { field: 'bodyAsQuery', short: 'G', long: 'get', help: 'Send the data as the query of a GET' },
  { field: 'method', short: 'I', long: 'head', value: 'HEAD', help: 'Ask for the headers alone' },
  { field: 'include', short: 'i', long: 'include' },
  { field: 'followRedirects', short: 'L', long: 'location' },
  { field: 'maxRedirects', long: 'max-redirs', metavar: 'N', parse: word => redirects(word) },
  { field: 'insecure', short: 'k', long: 'insecure' },
  { field: 'output', short: 'o', long: 'output', metavar: 'FILE' },
  {
    field: 'remoteName',
    short: 'O',
    long: 'remote-name',
  },
  { field: 'silent', short: 's', long: 'silent', help: 'No error messages' },
  { field: 'showError', short: 'S', long: 'show-error', help: 'Error messages even with -s' },
  { field: 'timing', long: 'no-progress-meter', value: false, help: 'No progress meter; there never is one' },
  { field: 'timing', short: 'N', long: 'no-buffer', value: false, help: 'Write each piece as it comes; always so' },
  { field: 'verbose', short: 'v', long: 'verbose' },
  {
    field: 'failOnStatus',
    short: 'f',
    long: 'fail',
    help: 'Exit with 22, without the body, when the HTTP status is 400 or more',
  },
  { field: 'timeoutSeconds', short: 'm', long: 'max-time', metavar: 'SECONDS', parse: word => timeLimit(word, '-m') },
  {
    field: 'connectTimeoutSeconds',
    long: 'connect-timeout',
    metavar: 'SECONDS',
    parse: word => timeLimit(word, '--connect-timeout'),
  },
  { field: 'resolve', long: 'resolve', metavar: 'HOST:PORT:ADDRESS' },
  {
    field: 'caCertificates',
    long: 'cacert',
    metavar: 'FILE',
    help: 'Certificates (PEM) to trust instead of the public authorities',
    parse: async (path, _previous, files) =>
      Buffer.from(await readNamed(path, files, [77, 'error setting certificate file:'])).toString(),
  },
  { field: 'user', short: 'u', long: 'user', metavar: 'NAME:PASSWORD', parse: credentials },
  { field: 'userAgent', short: 'A', long: 'user-agent', metavar: 'NAME' },
  setsHeader('Referer', { short: 'e', long: 'referer', metavar: 'URL', help: 'Referer to send' }),
  setsHeader('Cookie', { short: 'b', long: 'cookie', metavar: 'NAME=VALUE', help: 'Cookies to send' }, cookie),
  setsHeader(
    'Range',
    { short: 'r', long: 'range', metavar: 'FROM-TO', help: 'Only these bytes' },
    word => `bytes=${word}`,
  ),
  {
    field: 'writeOut',
    short: 'w',
    long: 'write-out',
    metavar: 'FORMAT',
    parse: async (word, _previous, files) =>
      word.startsWith('@') ? Buffer.from(await readNamed(word.slice(1), files)).toString() : word,
  },
  { field: 'family', short: '4', long: 'ipv4', value: 4, help: 'Only IPv4 addresses' },
  { field: 'family', short: '6', long: 'ipv6', value: 6, help: 'Only IPv6 addresses' },
  { field: 'url', long: 'url', metavar: 'URL', parse: (word, previous) => oneUrl(word, previous) },
]

export const curl: Applet<Input, View, FetchEvent> = {
  summary: 'Fetch an address over HTTP or HTTPS',
  usage: 'curl [flags] URL',
  description: `
The body goes to stdout, or to -o FILE; errors go to stderr. HTTP/1.1 alone; each request has a connection of its own; no
proxy and no .curlrc is used. --json prints events: JSON is sent by -H 'Content-Type: application/json' -d.

  curl -sS -i http://10.0.0.7:8080/healthz
  curl -fsS -o page.html https://example.org/
  curl -s -o /dev/null -w '%{http_code} %{time_total}\\n' http://web/
  curl -H 'Content-Type: application/json' -d '{"a":1}' http://api/items

Exit status: 0 done, 2 usage, 3 malformed URL, 6 unknown host, 7 no connection, 22 HTTP status of 400 or more (-f), 23 could
not write, 26 could not read, 28 time-out, 35 TLS, 47 too many redirects, 52 no answer, 56 receiving failed, 60 certificate
not trusted.`,
  flags: curlFlags,
  defaults: { timeoutSeconds: longestSeconds, maxRedirects: 50 },
  operand: (word, draft) => {
    draft.url = oneUrl(word, draft.url)
  },
  finish,
  text: curlText,
  exitStatus,
}

function finish(draft: Draft): void {
  if (typeof draft.url !== 'string') throw new CurlError(2, 'no URL specified! usage: curl [flags] URL')
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(draft.url)) draft.url = `http://${draft.url}`
  const problem = urlProblem(draft.url as string)
  if (problem?.kind === 'unknown_scheme')
    throw new CurlError(1, `Protocol not supported: the address ${problem.message}`, 'unsupported')
  if (problem) throw new CurlError(3, `URL rejected: it ${problem.message}`)
  if (draft.remoteName === true) draft.output ??= nameOf(new URL(draft.url as string))
  if (draft.body !== undefined && draft.method === 'HEAD')
    throw new CurlError(2, 'You can only select one HTTP request method: -I sends HEAD, data goes with POST')
  finishBody(draft)
  const [unknown] = unknownVariables((draft.writeOut as string | undefined) ?? '', ['exitcode'])
  if (unknown !== undefined) throw new CurlError(2, `unknown --write-out variable: '${unknown}'`)
}

function nameOf(url: URL): string {
  const name = lastPart(url)
  if (name === '')
    throw new CurlError(23, 'Remote file name has no length: the address ends in a slash; name one with -o')
  return name
}

/** JSON, or a file of it, where a URL should be: curl's own --json takes that, ours is another flag. An IPv6 host has brackets too. */
const jsonOperand = /^(?:[{"@]|\[(?![0-9a-f:.]+\]))/i

function oneUrl(word: string, previous: unknown): string {
  if (jsonOperand.test(word))
    throw new CurlError(
      2,
      `${word} is no URL; --json prints events here, as it does with every tool: to send JSON, use -H 'Content-Type: application/json' -d`,
    )
  if (previous !== undefined) throw new CurlError(2, `one URL at a time; run curl again for ${word}`)
  return word
}

function timeLimit(word: string, flag: string): number {
  const seconds = Number(word)
  if (word.trim() === '' || !(seconds >= 0)) throw new CurlError(2, `${flag} takes seconds, not '${word}'`)
  return seconds === 0 ? longestSeconds : Math.min(seconds, longestSeconds)
}

function redirects(word: string): number {
  const count = Number(word)
  if (!Number.isInteger(count) || count < -1) throw new CurlError(2, `--max-redirs takes a number, not '${word}'`)
  return count === -1 ? 1000 : Math.min(count, 1000)
}

function credentials(word: string): string {
  if (word.includes(':')) return word
  throw new CurlError(2, "-u takes NAME:PASSWORD; this curl doesn't ask for the password ('NAME:' sends an empty one)")
}

function cookie(word: string): string {
  if (word.includes('=')) return word
  throw new CurlError(2, `-b takes NAME=VALUE; cookie files such as '${word}' are not supported`)
}
