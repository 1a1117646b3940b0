import { ToolError } from '../../core/errors.ts'
import { type Applet, type Availability, defineTool, type Flag } from '../../core/tool.ts'
import type { ToolContext } from '../context.ts'
import { type Host, resolveHost } from './host.ts'
import { openIcmpProber } from './icmp-prober.ts'
import { PeerNames } from './peer-names.ts'
import { ProbeLoop } from './probe-loop.ts'
import type { Prober } from './prober.ts'
import { event, input, type PingEvent, type PingInput, type PingView, view } from './schema.ts'
import { pingText } from './text.ts'

const flags: Flag[] = [
  { field: 'count', short: 'c', long: 'count', metavar: 'N' },
  { field: 'intervalSeconds', short: 'i', long: 'interval', metavar: 'SECONDS' },
  { field: 'timeoutSeconds', short: 'W', long: 'timeout', metavar: 'SECONDS' },
  { field: 'deadlineSeconds', short: 'w', long: 'deadline', metavar: 'SECONDS' },
  { field: 'payloadBytes', short: 's', long: 'size', metavar: 'BYTES' },
  { field: 'ttl', short: 't', long: 'ttl', metavar: 'N' },
  { field: 'family', short: '4', value: 'inet', help: 'IPv4 only' },
  { field: 'family', short: '6', value: 'inet6', help: 'IPv6 only' },
  { field: 'quiet', short: 'q', long: 'quiet' },
  { field: 'numeric', short: 'n', long: 'numeric' },
  { field: 'tcpPort', long: 'tcp', metavar: 'PORT' },
]

const description = `
Shows who reports a loss and why: unreachable, prohibited, TTL exceeded. Needs an ICMP socket: a group in
net.ipv4.ping_group_range, or CAP_NET_RAW; where neither is granted it says so, and --tcp PORT measures TCP handshakes instead.
There a refused connection proves the host up, but is no reply: it counts as lost with the reason refused.

Round-trip times are the kernel's own stamps, so a busy ditty measures no longer ones. Ctrl-C ends with the summary.
Status: 0 with a reply, 1 without any (or fewer than -c within -w), 2 could not look.

  ping -c 3 10.0.0.1          ping -c 1 -W 1 my-service
  ping --tcp 443 example.com  ping -t 3 -c 1 example.com`

const applet: Applet<PingInput, PingView, PingEvent> = {
  usage: 'ping [flags] HOST',
  description: `
Goes on until Ctrl-C, unless -c or -w ends it, and then sums up. A request that nobody answers shows in the summary alone. Needs
an ICMP socket: a group in net.ipv4.ping_group_range, or CAP_NET_RAW; --tcp PORT needs neither, and measures TCP handshakes.

  ping -c 3 10.0.0.1
  ping -c 3 --tcp 443 example.com

Exit status: 0 with a reply; 1 without any, or fewer than -c within -w; 2 could not look, or no request could be sent.`,
  flags: flags.map(flag =>
    flag.field === 'count' ? { ...flag, parse: atLeastOne, help: 'Requests to send (default: until Ctrl-C)' } : flag,
  ),
  defaults: { count: 0 },
  text: pingText({ showTimeouts: false }),
  exitStatus: ({ summary }) =>
    summary && summary.transmitted > 0 && summary.unsent === summary.transmitted ? 2 : undefined,
}

/** ICMP echo in the words of ping(8), and TCP handshakes where ICMP is denied. */
export const ping = defineTool({
  name: 'ping',
  summary: 'Send ICMP echo requests to a host, or time TCP handshakes with it',
  description,
  input,
  view,
  event,
  positional: ['host'],
  flags,
  applets: { ping: applet },
  stoppable: true,
  readOnly: () => true,
  available,
  run,
  outcome({ received }, { count, deadlineSeconds }) {
    const isShort = deadlineSeconds !== undefined && received < count
    return received === 0 || isShort ? 'negative' : 'positive'
  },
  text: pingText({ showTimeouts: true }),
})

function atLeastOne(word: string): number {
  const count = Number(word)
  if (Number.isInteger(count) && count >= 1) return count
  throw new ToolError('invalid_input', `-c takes a number from 1 on, not '${word}'`)
}

async function* run(input: PingInput, context: ToolContext): AsyncGenerator<PingEvent> {
  const { signal, stop } = context
  const host = await resolveHost(input.host, input.family, AbortSignal.any([signal, stop]))
  const prober = await openProber(host, input, context)
  try {
    const names = new PeerNames(!host.isNumeric && !input.numeric, [signal, stop])
    const peerName = await names.of(host.address)
    yield { type: 'target', host: input.host, address: host.address, family: host.family, ...prober.target, peerName }
    yield* new ProbeLoop(prober, input, context, names).run()
  } finally {
    prober.close()
  }
}

async function openProber(host: Host, input: PingInput, { linux }: ToolContext): Promise<Prober> {
  if (input.tcpPort === undefined) return openIcmpProber(host, input, linux)
  const { openTcpProber } = await import('./tcp-prober.ts')
  return openTcpProber(host.address, input.tcpPort)
}

/** Opens a socket to see: a seccomp filter may deny what the capabilities grant. */
async function available({ linux }: ToolContext): Promise<Availability> {
  try {
    const prober = await openIcmpProber(
      { address: '127.0.0.1', family: 'inet' },
      { payloadBytes: 0, ttl: undefined },
      linux,
    )
    prober.close()
    return { available: true }
  } catch (error) {
    const { message, remedy } = ToolError.from(error)
    return { available: false, reason: message, remedy: remedy ?? 'tcpPort measures TCP handshakes instead' }
  }
}
