import { endpoint } from '../../net/http/failure.ts'
import type { EventOf, Summary } from './schema.ts'
import { harmless, hintOf, type Paint, type Style, shownBytes, shownMs, statusLine } from './words.ts'

/** What the report is made from: kept while the events pass. */
export interface Kept {
  attempts: EventOf<'connect'>[]
  redirects: EventOf<'redirect'>[]
  tls: EventOf<'tls'> | undefined
  response: EventOf<'response'> | undefined
  failed: EventOf<'failed'> | undefined
}

/** What there is to know about a fetch beside its body, for a person: the answer, the time line, the certificate. */
export function reportText(kept: Kept, summary: Summary, columns: number, paint: Paint): string {
  const lines = [
    ...kept.redirects.map(({ status, from, to }) => paint('dim', `${harmless(from)}  ${status} -> ${harmless(to)}`)),
    headline(kept, summary, paint),
    ...timeLine(summary, Math.min(columns, 100), paint),
    ...addressLines(kept, summary, paint),
    ...(kept.tls ? tlsLines(kept.tls, paint) : []),
    ...failureLines(kept, paint),
  ]
  return `${lines.join('\n')}\n`
}

function headline({ response }: Kept, { url, bytes, contentType, status }: Summary, paint: Paint): string {
  if (!response) return paint('bold', harmless(url))
  const style: Style = status! >= 500 ? 'red' : status! >= 400 ? 'yellow' : 'green'
  const facts = [shownBytes(bytes), contentType && harmless(contentType)].filter(Boolean).join('  ')
  return `${paint('bold', harmless(url))}  ${paint(style, harmless(statusLine(response)))}  ${facts}`
}

const steps: [label: string, end: keyof Summary['timing'], style: Style][] = [
  ['lookup', 'namelookupMs', 'cyan'],
  ['connect', 'connectMs', 'blue'],
  ['tls', 'appconnectMs', 'magenta'],
  ['wait', 'starttransferMs', 'yellow'],
  ['body', 'totalMs', 'green'],
]

/** Cells beside the bars: indent, label, time. */
const barMargin = 25

/** One bar a step, each beginning where the one before it ended. The step that failed is the last one, and red. */
function timeLine({ timing, failure, redirects }: Summary, columns: number, paint: Paint): string[] {
  const width = Math.max(10, columns - barMargin)
  const cell = (ms: number) => Math.round((ms / (timing.totalMs || 1)) * width)
  const lines: string[] = []
  let from = 0
  for (const [label, end, style] of [...before(timing, redirects), ...reached(timing, failure)]) {
    const until = timing[end] ?? timing.totalMs
    const bar = '█'.repeat(Math.max(0, cell(until) - cell(from))) || '▏'
    const failed = failure !== null && timing[end] === null
    const name = `${label.padEnd(9)}${shownMs(until - from).padStart(9)}`
    lines.push(
      `  ${failed ? paint('red', name) : name}  ${' '.repeat(cell(from))}${paint(failed ? 'red' : style, bar)}`,
    )
    from = until
  }
  return [...lines, `  ${paint('bold', `${'total'.padEnd(9)}${shownMs(timing.totalMs).padStart(9)}`)}`]
}

/** What went before the last hop. */
const before = ({ redirectMs }: Summary['timing'], redirects: number): typeof steps =>
  redirectMs === 0 ? [] : [[redirects > 0 ? 'redirect' : 'retries', 'redirectMs', 'dim']]

function reached(timing: Summary['timing'], failure: Summary['failure']): typeof steps {
  const known = steps.filter(([, end]) => end !== 'totalMs' && timing[end] !== null)
  if (timing.starttransferMs !== null) return [...known, steps[4]!]
  const failedAt: Record<string, number> = { namelookup: 0, connect: 1, tls: 2 }
  const at = steps[failedAt[failure?.phase ?? ''] ?? 3]!
  return known.includes(at) ? known : [...known, at]
}

function addressLines(
  { attempts }: Kept,
  { remoteAddress, remotePort, localAddress, localPort }: Summary,
  paint: Paint,
) {
  const lines = attempts
    .filter(({ state }) => state === 'failed')
    .map(({ message, durationMs }) => `  ${paint('yellow', 'tried')}    ${message} (${shownMs(durationMs)})`)
  if (remoteAddress !== null && remotePort !== null) {
    const from = localAddress !== null && localPort !== null ? ` from ${endpoint(localAddress, localPort)}` : ''
    lines.push(`  peer     ${endpoint(remoteAddress, remotePort)}${paint('dim', from)}`)
  }
  return lines
}

function tlsLines(tls: EventOf<'tls'>, paint: Paint): string[] {
  const agreed = [tls.version, tls.cipher, tls.keyExchange, tls.alpn].filter(Boolean).join('  ')
  const trust = tls.verified
    ? [`  trust    ${paint('green', 'verified')}`]
    : tls.problems.map(({ code, number, message }) => {
        const which = paint('dim', `(${code}${number ? `, ${number}` : ''})`)
        return `  trust    ${paint('red', harmless(message))} ${which}`
      })
  return [`  tls      ${agreed}`, ...trust, ...tls.certificates.map((facts, at) => certificateLine(facts, at, paint))]
}

/** Two weeks: what a person needs to renew a certificate without haste. */
const soonDays = 14

function certificateLine(facts: EventOf<'tls'>['certificates'][number], depth: number, paint: Paint): string {
  const { subject, issuer, names, daysLeft, validTo, key } = facts
  const style: Style = daysLeft < 0 ? 'red' : daysLeft < soonDays ? 'yellow' : 'green'
  const left = paint(style, daysLeft < 0 ? `expired ${validTo.slice(0, 10)}` : `${daysLeft} days left`)
  const what = depth === 0 && names.length > 0 ? `${subject || 'no subject'} for ${names.join(', ')}` : subject
  const by = issuer === subject ? 'itself' : issuer
  const until = daysLeft < 0 ? '' : ` until ${validTo.slice(0, 10)}`
  return `  ${depth === 0 ? 'cert' : 'by  '}     ${harmless(what)}  ${left}${paint('dim', `${until}, ${key}, by ${harmless(by)}`)}`
}

function failureLines({ failed }: Kept, paint: Paint): string[] {
  if (!failed) return []
  const lines = [`  ${paint('red', 'failed')}   ${harmless(failed.message)}`]
  const hint = hintOf(failed)
  return hint === null ? lines : [...lines, `           ${hint}`]
}
