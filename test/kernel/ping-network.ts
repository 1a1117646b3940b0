import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * client -- router -- server, each a network namespace of its own. 10.2.0.3 drops what comes in, 10.2.0.9 is dropped on its
 * way out, nobody has 10.1.0.99; the router and the client have routes that lead nowhere.
 */
export const client = `ditty-ping-client-${process.pid}`
const router = `ditty-ping-router-${process.pid}`
const server = `ditty-ping-server-${process.pid}`
/** Its name server is never heard of. */
export const silent = `ditty-ping-silent-${process.pid}`
const names = [client, router, server, silent]
const silentEtc = join('/etc/netns', silent)

const run = (input: string, ...words: string[]) =>
  execFileSync('ip', words, { input, stdio: ['pipe', 'ignore', 'inherit'] })

export function build(): void {
  for (const name of names) run('', 'netns', 'add', name)
  mkdirSync(silentEtc, { recursive: true })
  writeFileSync(join(silentEtc, 'resolv.conf'), 'nameserver 10.9.0.9\noptions timeout:30 attempts:5\n')
  run(silentLinks, '-n', silent, '-batch', '-')
  run(`link add c0 netns ${client} type veth peer name r0 netns ${router}`, '-batch', '-')
  run(`link add s0 netns ${server} type veth peer name r1 netns ${router}`, '-batch', '-')
  run(routerLinks, '-n', router, '-batch', '-')
  run(clientLinks, '-n', client, '-batch', '-')
  run(serverLinks, '-n', server, '-batch', '-')
  run('', 'netns', 'exec', router, 'sysctl', '-qw', ...routerSettings)
  run(dropping('input', '10.2.0.3'), 'netns', 'exec', server, 'nft', '-f', '-')
  run(dropping('output', '10.2.0.9'), 'netns', 'exec', client, 'nft', '-f', '-')
}

export function remove(): void {
  for (const name of names) run('', 'netns', 'delete', name)
  rmSync(silentEtc, { recursive: true })
}

const silentLinks = `
link add n0 type veth peer name n1
addr add 10.9.0.1/24 dev n0
link set n0 up
link set n1 up
neigh add 10.9.0.9 lladdr 02:00:00:00:00:09 dev n0`

const routerLinks = `
link set lo up
addr add 10.1.0.1/24 dev r0
addr add fd01::1/64 dev r0 nodad
addr add 10.2.0.1/24 dev r1
addr add fd02::1/64 dev r1 nodad
link set r0 up
link set r1 up
route add unreachable 10.66.0.0/16
route add prohibit 10.67.0.0/16
route add blackhole 10.68.0.0/16
route add unreachable fd66::/16
route add prohibit fd67::/16`

const clientLinks = `
link set lo up
addr add 10.1.0.2/24 dev c0
addr add fd01::2/64 dev c0 nodad
addr add fe80::2/64 dev c0 nodad
link set c0 up
route add default via 10.1.0.1
route add default via fd01::1
route add unreachable 10.76.0.0/16
route add prohibit 10.77.0.0/16
route add blackhole 10.78.0.0/16
route add throw 10.79.0.0/16
route add unreachable fd76::/16`

const serverLinks = `
link set lo up
addr add 10.2.0.2/24 dev s0
addr add 10.2.0.3/24 dev s0
addr add fd02::2/64 dev s0 nodad
link set s0 up
route add default via 10.2.0.1
route add default via fd02::1`

/** Every error is sent: by default a kernel sends one a second to one host. */
const routerSettings = [
  'net.ipv4.ip_forward=1',
  'net.ipv6.conf.all.forwarding=1',
  'net.ipv4.icmp_ratelimit=0',
  'net.ipv6.icmp.ratelimit=0',
]

const dropping = (hook: string, address: string) =>
  `table inet drops { chain ${hook} { type filter hook ${hook} priority 0; ip daddr ${address} drop; }; }\n`
