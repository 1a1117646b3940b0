import { ToolError } from '../../core/errors.ts'
import { errnoOf, type Linux } from '../../linux/linux.ts'
import { readLoadavg } from '../../linux/procfs/loadavg.ts'
import { memoryOf, readMeminfo } from '../../linux/procfs/meminfo.ts'
import { readPidMountinfo } from '../../linux/procfs/pid-mountinfo.ts'
import { type Pressure, pressureResources, readPressure } from '../../linux/procfs/pressure.ts'
import { readBootTimeSeconds, readCpuCount } from '../../linux/procfs/stat.ts'
import { readUptimeSeconds } from '../../linux/procfs/uptime.ts'
import { readUtmpUsers } from '../../linux/utmp.ts'
import type { Notes } from './notes.ts'
import type { HostEvent } from './schema.ts'

/** What /proc says of the node, and what it doesn't say. Throws ToolError where /proc is no proc filesystem. */
export function readHost(linux: Linux, nowMs: number, notes: Notes): HostEvent {
  const uptimeSeconds = needed('/proc/uptime', () => readUptimeSeconds(linux))
  const meminfo = needed('/proc/meminfo', () => readMeminfo(linux))
  if (!meminfo.has('MemTotal')) throw unavailable('/proc/meminfo', 'it has no line MemTotal')
  const kib = memoryOf(meminfo)
  const load = orUndefined(() => readLoadavg(linux))
  if (!load) notes.add({ what: 'load average', why: '/proc/loadavg does not tell it', remedy: 'mount proc on /proc' })
  const bootSeconds = orUndefined(() => readBootTimeSeconds(linux)) ?? Math.floor(nowMs / 1000 - uptimeSeconds)
  return {
    type: 'host',
    time: new Date(nowMs).toISOString(),
    bootTime: new Date(bootSeconds * 1000).toISOString(),
    uptimeSeconds,
    users: readUtmpUsers(linux) ?? null,
    loadAverage: load?.averages ?? null,
    runnableTasks: load?.runnableTasks ?? null,
    tasks: load?.tasks ?? null,
    cpus: orUndefined(() => readCpuCount(linux)) ?? 0,
    memory: memoryEvent(kib, isEmulated(linux)),
    swap: {
      totalBytes: kib.swapTotal * 1024,
      usedBytes: Math.max(0, kib.swapTotal - kib.swapFree) * 1024,
      freeBytes: kib.swapFree * 1024,
    },
    pressure: pressureOf(linux, notes),
  }
}

function memoryEvent(kib: ReturnType<typeof memoryOf>, emulated: boolean): HostEvent['memory'] {
  return {
    totalBytes: kib.total * 1024,
    usedBytes: kib.used * 1024,
    freeBytes: kib.free * 1024,
    sharedBytes: kib.shared * 1024,
    buffersBytes: kib.buffers * 1024,
    cachedBytes: kib.cached * 1024,
    availableBytes: kib.available * 1024,
    lowTotalBytes: kib.lowTotal * 1024,
    lowFreeBytes: kib.lowFree * 1024,
    highTotalBytes: kib.highTotal * 1024,
    highFreeBytes: kib.highFree * 1024,
    commitLimitBytes: kib.commitLimit * 1024,
    committedBytes: kib.committed * 1024,
    emulated,
  }
}

/** lxcfs mounts files of its own over those of /proc, which then tell the container's numbers. */
const isEmulated = (linux: Linux) =>
  orUndefined(() => readPidMountinfo(linux, 'self'))?.some(
    ({ mountPoint, fsType }) => mountPoint === '/proc/meminfo' && fsType.startsWith('fuse'),
  ) ?? false

function pressureOf(linux: Linux, notes: Notes): HostEvent['pressure'] {
  const errnos = new Set<string>()
  const read = (resource: (typeof pressureResources)[number]): Pressure | null => {
    try {
      return readPressure(linux, resource) ?? null
    } catch (error) {
      if (errnoOf(error) === undefined) throw error
      errnos.add(errnoOf(error)!)
      return null
    }
  }
  const [cpu = null, memory = null, io = null] = pressureResources.map(read)
  if (errnos.size > 0)
    notes.add({
      what: "the node's pressure",
      why: `/proc/pressure can't be read (${[...errnos].join(', ')})`,
      remedy: 'a kernel with CONFIG_PSI, booted with psi=1',
    })
  return { cpu, memory, io }
}

function needed<Value>(path: string, read: () => Value): Value {
  try {
    return read()
  } catch (error) {
    const errno = errnoOf(error)
    if (errno === undefined) throw error
    throw unavailable(path, errno, error)
  }
}

const unavailable = (path: string, why: string, cause?: unknown) =>
  new ToolError('unavailable', `${path} can't be read: ${why}`, { remedy: 'mount a proc filesystem on /proc', cause })

function orUndefined<Value>(read: () => Value): Value | undefined {
  try {
    return read()
  } catch (error) {
    if (errnoOf(error) === undefined) throw error
    return undefined
  }
}
