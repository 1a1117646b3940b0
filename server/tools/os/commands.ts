import { type Inside, linkAt } from './inside.ts'
import { look } from './root-files.ts'
import type { PackageManagerEvent, ShellEvent } from './schema.ts'

const shells = ['sh', 'bash', 'dash', 'ash', 'zsh', 'fish', 'ksh', 'busybox', 'toybox', 'nu', 'pwsh']
const managers = [
  ...[
    'apt-get',
    'dpkg',
    'apk',
    'dnf5',
    'dnf',
    'microdnf',
    'yum',
    'tdnf',
    'zypper',
    'rpm',
    'rpm-ostree',
    'pacman',
    'opkg',
  ],
  ...['xbps-install', 'emerge', 'nix-env', 'swupd', 'snap', 'flatpak', 'brew'],
]
/** `/busybox` is where distroless' debug images keep theirs. */
const directories = ['/bin', '/usr/bin', '/usr/local/bin', '/sbin', '/usr/sbin', '/busybox', '/opt/bitnami/common/bin']

export async function* findShells(inside: Inside): AsyncGenerator<ShellEvent> {
  for await (const { name, path } of findPrograms(inside, shells))
    yield { type: 'shell', name, path, target: (await linkAt(inside, path)) ?? null }
}

export async function* findManagers(inside: Inside): AsyncGenerator<PackageManagerEvent> {
  for await (const { name, path } of findPrograms(inside, managers)) yield { type: 'packageManager', name, path }
}

/** The first place of each; whether it runs is another matter. */
async function* findPrograms(inside: Inside, names: readonly string[]): AsyncGenerator<{ name: string; path: string }> {
  const listed = new Map<string, Set<string>>()
  for (const directory of directories) {
    const found = await look(() => inside.files.list(directory))
    if (found.state === 'denied') inside.notes.denied(directory, found.error)
    if (found.state === 'found') listed.set(directory, new Set(found.value))
  }
  for (const name of names) {
    const directory = [...listed].find(([, names]) => names.has(name))?.[0]
    if (directory) yield { name, path: `${directory}/${name}` }
  }
}
