import type { EventOf } from './schema.ts'

export const truncatedLine = ({ truncated, transport }: EventOf<'attempt'>) =>
  truncated && transport === 'udp' ? ';; Truncated, retrying in TCP mode.\n' : undefined

/** What BIND's tools say about a query that brought no answer. */
export function troubleLine(event: EventOf<'attempt'>): string | undefined {
  const { server, port, transport, qname, reason, detail } = event
  const where = `${server}#${port}`
  switch (reason) {
    case undefined:
      return undefined
    case 'malformed':
      return `;; Got bad packet from ${where}: ${detail}\n`
    case 'mismatched':
      return `;; Warning: ${detail}\n;; communications error to ${where}: timed out\n`
    case 'timeout':
      return `;; communications error to ${where}: timed out\n`
    default:
      return transport === 'tcp' && reason !== 'closed'
        ? `;; Connection to ${where}(${server}) for ${qname} failed: ${detail}.\n`
        : `;; communications error to ${where}: ${detail}\n`
  }
}
