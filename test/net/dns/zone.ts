import type { Answer } from 'dns-packet'
import { type Answering, rawRecord, rcodes, startDnsServer } from './dns-server.ts'
import { records } from './records.ts'

type Zone = Record<string, Answer[]>

const record = (name: string, type: string, data: unknown, ttl = 300) =>
  ({ name, type, class: 'IN', ttl, data }) as Answer

const start = {
  mname: 'ns.example',
  rname: 'root.example',
  serial: 1,
  refresh: 2,
  retry: 3,
  expire: 4,
  minimum: 5,
}

const zone: Zone = {
  'a.example': [
    record('a.example', 'A', '192.0.2.1'),
    record('a.example', 'A', '192.0.2.2', 7),
    record('a.example', 'AAAA', '2001:db8::1'),
    record('a.example', 'MX', { preference: 10, exchange: 'mail.example' }),
    record('a.example', 'TXT', ['v=spf1 -all', 'say "hi"; \\ é\u001b[31m']),
    record('a.example', 'NS', 'ns1.example'),
    record('a.example', 'SRV', { priority: 1, weight: 2, port: 3, target: 't.example' }),
    record('a.example', 'CAA', { flags: 0, tag: 'issue', value: 'ca.example' }),
    record('a.example', 'SOA', start),
  ],
  'www.example': [record('www.example', 'CNAME', 'a.example')],
  'nodata.example': [],
  'long-name-that-leaves-no-room-for-columns.example': [
    record('long-name-that-leaves-no-room-for-columns.example', 'A', '192.0.2.3', 86400),
  ],
  'web.default.svc.cluster.local': [record('web.default.svc.cluster.local', 'A', '10.96.0.7', 5)],
  'dns.kube-system.svc.cluster.local': [record('dns.kube-system.svc.cluster.local', 'A', '10.96.0.10', 5)],
  '1.2.0.192.in-addr.arpa': [record('1.2.0.192.in-addr.arpa', 'PTR', 'a.example')],
  '1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa': [
    record('1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa', 'PTR', 'a.example'),
  ],
  '.': [record('.', 'NS', 'ns1.example')],
}

const glue = [record('ns1.example', 'A', '192.0.2.53', 9), record('ns1.example', 'AAAA', '2001:db8::53', 9)]
/** `N.records.example` has the Nth record of records.ts, whatever type is asked for. */
function indexed(name: string): Answer[] | undefined {
  const record = records[Number(/^(\d+)\.records\.example$/.exec(name)?.[1] ?? Number.NaN)]
  return record && [rawRecord(name, record[0], record[1])]
}

function answersTo(name: string, type: string): Answer[] | undefined {
  const known = zone[name]
  const alias = known?.find(record => record.type === 'CNAME')
  if (alias && type !== 'CNAME') return [alias, ...(answersTo(String('data' in alias && alias.data), type) ?? [])]
  return known?.filter(record => record.type === type) ?? indexed(name)
}

const edns = { type: 'OPT', name: '.', udpPayloadSize: 1232, flags: 0, options: [] } as unknown as Answer

/** The zone, and names for each way in which a server can fail: sf, refused, silent, truncated. */
export const answerFromZone: Answering = ({ packet, question, transport }) => {
  const name = question.name.toLowerCase()
  const opt = packet.additionals?.some(({ type }) => type === 'OPT') ? [edns] : []
  const failed = name.startsWith('sf.') ? rcodes.SERVFAIL : name.startsWith('refused.') ? rcodes.REFUSED : undefined
  if (failed !== undefined) return { flags: failed, additionals: opt }
  if (name.startsWith('silent.')) return undefined
  if (name.startsWith('truncated.')) {
    const answers = question.type === 'A' ? [record(question.name, 'A', '192.0.2.4')] : []
    return transport === 'udp' ? { flags: 0x0200, additionals: opt } : { answers, additionals: opt }
  }
  const answers = answersTo(name, question.type)
  if (!answers) return { flags: rcodes.NXDOMAIN, authorities: [record('example', 'SOA', start, 60)], additionals: opt }
  return { answers, additionals: [...(question.type === 'NS' ? glue : []), ...opt] }
}

/** As a program it serves the zone at the addresses it is given, on port 53, until it is killed. */
if (import.meta.main) {
  await Promise.all(process.argv.slice(2).map(address => startDnsServer(answerFromZone, address, 53)))
  process.stdout.write('listening\n')
}
