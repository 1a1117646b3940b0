import type { Linux } from '../../server/linux/linux.ts'

/** A process of a tree that is made up, not captured: only what is told is there, the rest as of any quiet daemon. */
export interface MadeProcess {
  pid: number
  ppid?: number
  comm?: string
  /** PF_* of include/linux/sched.h. */
  flags?: number
  state?: string
  startTicks?: number
  /** Of one thread the process it belongs to; default: itself. */
  tgid?: number
  cmdline?: string
  /** /proc/PID/cgroup as a whole. */
  cgroup: string
  /** Inode of the mount namespace; without one ns/mnt is denied. */
  mnt?: number
  mountinfo?: string
  /** Not in the listing of /proc, as a thread is. */
  isUnlisted?: boolean
}

/** What stands for a file instead: bytes, or the errno of a read. */
export type Fault = Buffer | { errno: string }

/** `self`: who we are; `faults` by path, each on top of the processes. */
export function madeLinux(processes: MadeProcess[], self: number, faults: Record<string, Fault> = {}): Linux {
  const files = new Map<string, Buffer>(Object.entries(node).map(([path, text]) => [path, Buffer.from(text)]))
  const links = new Map([['/proc/self', String(self)]])
  for (const process of processes) {
    for (const [name, text] of Object.entries(filesOf(process)))
      files.set(`/proc/${process.pid}/${name}`, Buffer.from(text, 'latin1'))
    if (process.mnt) links.set(`/proc/${process.pid}/ns/mnt`, `mnt:[${process.mnt}]`)
  }
  const resolved = (path: string) => path.replace(/^\/proc\/self(?=\/)/, `/proc/${self}`)
  const faultAt = (path: string, call: string) => {
    const fault = faults[path]
    if (fault && 'errno' in fault) throw failure(fault.errno, call, path)
    return fault as Buffer | undefined
  }
  const read = (path: string) => {
    const at = resolved(path)
    const bytes = faultAt(at, 'open') ?? files.get(at)
    if (!bytes) throw failure('ENOENT', 'open', path)
    return Buffer.from(bytes)
  }
  return {
    read,
    peek: (path, limit) => read(path).subarray(0, limit),
    readlink(path) {
      const at = resolved(path)
      const target = faultAt(at, 'readlink')?.toString() ?? links.get(at)
      if (target === undefined) throw failure(at.includes('/ns/') ? 'EACCES' : 'ENOENT', 'readlink', path)
      return target
    },
    list: path => {
      if (path !== '/proc') throw failure('ENOENT', 'scandir', path)
      return [...processes.filter(({ isUnlisted }) => !isUnlisted).map(({ pid }) => String(pid)), 'self', 'stat']
    },
  }
}

const node = {
  '/proc/stat': 'cpu  1 0 1 1 0 0 0 0 0 0\nbtime 1764000000\n',
  '/proc/uptime': '10000.00 20000.00\n',
  '/proc/meminfo': 'MemTotal:        8000000 kB\nMemFree:         4000000 kB\n',
  '/proc/mounts': 'proc /proc proc rw,nosuid,nodev,noexec,relatime 0 0\n',
  '/proc/sys/kernel/pid_max': '32768\n',
  '/etc/passwd': 'root:x:0:0:root:/root:/bin/bash\n',
}

function filesOf(process: MadeProcess): Record<string, string> {
  const { pid, ppid = 0, comm = 'app', flags = 0x400000, state = 'S', startTicks = 1000 + pid } = process
  const zeros = (count: number) => Array(count).fill('0').join(' ')
  return {
    stat: `${pid} (${comm}) ${state} ${ppid} ${pid} ${pid} 0 -1 ${flags} ${zeros(4)} 5 5 0 0 20 0 1 0 ${startTicks} ${zeros(30)}\n`,
    status: `Name:\t${comm}\nState:\t${state}\nTgid:\t${process.tgid ?? pid}\nPid:\t${pid}\nUid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\nNSpid:\t${pid}\nVmSize:\t2000 kB\nVmRSS:\t1000 kB\n`,
    cmdline: process.cmdline ?? `/${comm}\0`,
    cgroup: process.cgroup,
    mountinfo: process.mountinfo ?? '',
  }
}

const failure = (code: string, syscall: string, path: string) =>
  Object.assign(new Error(`${code}: ${syscall} '${path}'`), { code, syscall, path })
