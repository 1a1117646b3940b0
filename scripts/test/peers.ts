import { execFileSync, spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { join } from 'node:path'

/** A command the tests compare with or run in, and the Debian packages that bring it. */
interface Peer {
  command: string
  packages: string[]
  /** The rooms of tests that can't run without it. */
  rooms: string[]
}

const peers: Peer[] = [
  { command: 'ip', packages: ['iproute2'], rooms: ['kernel'] },
  { command: 'ss', packages: ['iproute2'], rooms: ['kernel'] },
  { command: 'netstat', packages: ['net-tools'], rooms: ['kernel'] },
  { command: 'ping', packages: ['iputils-ping'], rooms: ['kernel'] },
  { command: 'dig', packages: ['bind9-dnsutils', 'bind9-host'], rooms: ['kernel'] },
  { command: 'curl', packages: ['curl'], rooms: ['kernel'] },
  { command: 'wget', packages: ['wget'], rooms: ['kernel'] },
  { command: 'ps', packages: ['procps'], rooms: ['kernel'] },
  { command: 'mount', packages: ['mount'], rooms: ['kernel'] },
  { command: 'findmnt', packages: ['util-linux'], rooms: ['kernel'] },
  { command: 'killall', packages: ['psmisc'], rooms: ['kernel'] },
  { command: 'lsof', packages: ['lsof'], rooms: ['kernel'] },
  { command: 'nft', packages: ['nftables'], rooms: ['kernel'] },
  { command: 'gcc', packages: ['gcc', 'libc6-dev'], rooms: ['kernel'] },
  { command: 'rpmbuild', packages: ['rpm'], rooms: ['kernel'] },
  { command: 'db5.3_load', packages: ['db5.3-util'], rooms: ['kernel'] },
  { command: 'ld-musl-config', packages: ['musl'], rooms: ['kernel'] },
  { command: 'openssl', packages: ['openssl'], rooms: ['unit', 'kernel'] },
  {
    command: 'chromium',
    packages: ['chromium', 'fonts-noto-cjk', 'fonts-noto-color-emoji'],
    rooms: ['browser', 'faces', 'pod'],
  },
  { command: 'podman', packages: ['podman', 'runc', 'netavark', 'aardvark-dns', 'conmon', 'uidmap'], rooms: ['pod'] },
  { command: 'debootstrap', packages: ['debootstrap'], rooms: ['pod'] },
  { command: 'busybox', packages: ['busybox-static'], rooms: ['kernel', 'pod'] },
]

const isExecutable = (path: string) => {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

const directories = [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/sbin']
const isMissing = ({ command }: Peer) => !directories.some(directory => isExecutable(join(directory, command)))

const canInstall = process.getuid?.() === 0 && existsSync('/etc/debian_version')

/** The rooms that can't run here, each with the command that would bring what they lack. Root on Debian installs it. */
export function roomsWithoutPeers(): Map<string, string> {
  if (canInstall) install(peers.filter(isMissing))
  const blocked = new Map<string, string>()
  for (const peer of peers.filter(isMissing)) {
    for (const room of peer.rooms)
      blocked.set(room, `${peer.command} is missing: apt-get install ${peer.packages.join(' ')}`)
  }
  if (process.getuid?.() !== 0) {
    for (const room of ['kernel', 'pod']) blocked.set(room, `needs root for namespaces and containers: sudo npm test`)
  }
  return blocked
}

function install(missing: Peer[]): void {
  if (missing.length === 0) return
  const packages = [...new Set(missing.flatMap(peer => peer.packages))]
  console.log(`Installing what the tests compare with: ${packages.join(' ')}`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  spawnSync('apt-get', ['update', '-q'], { stdio: 'ignore', env })
  execFileSync('apt-get', ['install', '-qy', '--no-install-recommends', ...packages], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env,
  })
}
