import type { Linux } from '../../linux/linux.ts'
import { orUndefined } from './or-undefined.ts'
import type { KernelEvent } from './schema.ts'

/** What runs below, as far as its own words tell: each with what it says so in. */
const sandboxes: { name: KernelEvent['sandbox']; file: 'version' | 'release' | 'cmdline'; pattern: RegExp }[] = [
  // The one version that gVisor's kernel gives for itself: pkg/sentry/kernel/version.go, and its dmesg.
  { name: 'gVisor', file: 'version', pattern: /#1 SMP Sun Jan 10 15:06:54 PST 2016|gvisor/i },
  { name: 'WSL', file: 'release', pattern: /microsoft|WSL/i },
  { name: 'Docker Desktop', file: 'release', pattern: /linuxkit/ },
  { name: 'Kata Containers', file: 'cmdline', pattern: /kata|\bagent\.(log|debug_console|hotplug_timeout)\b/ },
]

/** Whose kernel it is, by its release: the node's distribution, which says nothing of the image's. */
const flavours: [RegExp, string][] = [
  [/\.el(\d+)/, 'Enterprise Linux'],
  [/\.amzn(\d+)/, 'Amazon Linux'],
  [/\.fc(\d+)/, 'Fedora'],
  [/-azure|\.azl(\d+)|\.cm(\d+)/, 'Azure'],
  [/-aws/, 'AWS'],
  [/-gke|-gcp/, 'Google Cloud'],
  [/\.al(\d+)/, 'Alibaba Cloud Linux'],
  [/\.oe\d+|\.oe\b/, 'openEuler'],
  [/\.tl(\d+)|tlinux/, 'TencentOS'],
  [/-talos/, 'Talos'],
  [/-flatcar/, 'Flatcar'],
  [/-generic|-lowlatency/, 'Ubuntu'],
  [/-default/, 'SUSE'],
  [/-(amd64|arm64|cloud-amd64|cloud-arm64)$/, 'Debian'],
  [/-pve/, 'Proxmox'],
]

/** /proc shows one kernel to every container of the node. */
export function readKernel(linux: Linux): KernelEvent {
  const line = (path: string) => orUndefined(() => linux.read(path).toString('utf8').trim()) || undefined
  const version = line('/proc/version') ?? null
  const release = line('/proc/sys/kernel/osrelease') ?? /^Linux version (\S+)/.exec(version ?? '')?.[1] ?? null
  const told = { version: version ?? '', release: release ?? '', cmdline: line('/proc/cmdline') ?? '' }
  return {
    type: 'kernel',
    release,
    version,
    machine: line('/proc/sys/kernel/arch') ?? null,
    sandbox: sandboxes.find(({ file, pattern }) => pattern.test(told[file]))?.name ?? null,
    flavour: flavours.find(([pattern]) => pattern.test(told.release))?.[1] ?? null,
  }
}
