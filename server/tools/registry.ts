import type { Registry } from '../core/tool.ts'
import type { ToolContext } from './context.ts'

/** Every tool, by the words that lead to it. Each is loaded when it is first asked for. */
export const registry: Registry<ToolContext> = [
  { name: 'ping', applets: ['ping'], load: async () => (await import('./ping/tool.ts')).ping },
  { name: 'dns', applets: ['dig', 'host', 'nslookup'], load: async () => (await import('./dns/tool.ts')).dns },
  { name: 'fetch', applets: ['curl', 'wget'], load: async () => (await import('./fetch/tool.ts')).fetch },
  { name: 'ps', applets: ['ps', 'pstree'], load: async () => (await import('./ps/tool.ts')).ps },
  {
    name: 'signal',
    applets: ['kill', 'pkill', 'pgrep', 'killall'],
    load: async () => (await import('./signal/tool.ts')).signal,
  },
  { name: 'ports', applets: ['ss', 'netstat'], load: async () => (await import('./ports/tool.ts')).ports },
  { name: 'top', applets: ['top'], load: async () => (await import('./top/tool.ts')).top },
  { name: 'openfiles', applets: ['lsof', 'fuser'], load: async () => (await import('./openfiles/tool.ts')).openfiles },
  { name: 'limits', applets: ['free', 'uptime'], load: async () => (await import('./limits/tool.ts')).limits },
  {
    name: 'os',
    applets: ['dpkg', 'rpm', 'apk'],
    shared: ['dpkg', 'rpm', 'apk'],
    load: async () => (await import('./os/tool.ts')).os,
  },
  {
    name: 'read',
    applets: ['cat', 'tail', 'head'],
    shared: ['cat', 'tail', 'head'],
    load: async () => (await import('./read/tool.ts')).read,
  },
  {
    name: 'files',
    applets: ['ls', 'find', 'stat', 'du'],
    shared: ['ls', 'find', 'stat', 'du'],
    load: async () => (await import('./files/tool.ts')).files,
  },
  {
    name: 'grep',
    applets: ['grep', 'egrep', 'fgrep'],
    shared: ['grep', 'egrep', 'fgrep'],
    load: async () => (await import('./grep/tool.ts')).grep,
  },
  {
    name: 'mounts',
    applets: ['df', 'mount', 'findmnt'],
    load: async () => (await import('./mounts/tool.ts')).mounts,
  },
]
