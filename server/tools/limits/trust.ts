import { bytesText, coresText, percentText } from './format.ts'
import type { CpuEvent, CpusetEvent, HostEvent, MemoryEvent, PressureEvent, TargetEvent, Trust } from './schema.ts'

/** What one round saw. */
export interface Round {
  target?: TargetEvent | undefined
  memory?: MemoryEvent | undefined
  cpu?: CpuEvent | undefined
  cpuset?: CpusetEvent | undefined
  pressure?: PressureEvent | undefined
  host: HostEvent
}

/** Whose numbers are true of the container, and why: /proc shows the node even inside of it, and the cgroup decides. */
export function trustOf({ target, memory, cpu, cpuset, pressure, host }: Round): Trust[] {
  const lines: (Trust | undefined)[] = [
    memory && memoryTrust(memory, host),
    cpu && cpuTrust(cpu, cpuset?.cpuCount ?? null, host),
    target && target.container.kind !== 'host' ? loadTrust(pressure) : undefined,
    target?.startTime ? uptimeTrust(target.startTime) : undefined,
  ]
  return lines.filter(line => line !== undefined)
}

function memoryTrust({ effectiveLimitBytes: limit, workingSetBytes: used }: MemoryEvent, host: HostEvent): Trust {
  const { totalBytes, availableBytes, emulated } = host.memory
  const shown = emulated
    ? `lxcfs makes /proc/meminfo show ${bytesText(totalBytes)}`
    : `/proc/meminfo shows the node's ${bytesText(totalBytes)}`
  if (limit === null)
    return { what: 'memory', trust: 'neither', why: `${shown}, and the limit of the cgroup can't be read` }
  if (limit === 'max' || limit >= totalBytes) {
    const why = limit === 'max' ? 'the cgroup has no limit' : `the limit of the cgroup, ${bytesText(limit)}, is no less`
    return { what: 'memory', trust: 'node', why: `${shown}, ${bytesText(availableBytes)} available; ${why}` }
  }
  const use = used === null ? '' : `; ${bytesText(used)} (${percentText(used, limit)}) are in use as kubelet counts`
  return { what: 'memory', trust: 'container', why: `${shown}, but the cgroup kills at ${bytesText(limit)}${use}` }
}

function cpuTrust(cpu: CpuEvent, cpuCount: number | null, { cpus }: HostEvent): Trust {
  const shown = `/proc/stat shows the node's ${cpus} CPUs`
  const { effectiveLimitCores: limit, periods, throttledPeriods } = cpu
  const pinned = cpuCount !== null && cpuCount < cpus ? cpuCount : null
  if (typeof limit === 'number' && limit < (pinned ?? cpus)) {
    const throttled =
      periods && throttledPeriods !== null
        ? `; throttled in ${percentText(throttledPeriods, periods)} of ${periods} periods`
        : ''
    return { what: 'cpu', trust: 'container', why: `${shown}, but the quota is ${coresText(limit)}${throttled}` }
  }
  if (pinned !== null) return { what: 'cpu', trust: 'container', why: `${shown}, but the cpuset has ${pinned} of them` }
  if (limit === null) return { what: 'cpu', trust: 'neither', why: `${shown}, and the quota can't be read` }
  const why = limit === 'max' ? 'there is no quota' : `the quota, ${coresText(limit)}, is no less`
  return { what: 'cpu', trust: 'node', why: `${shown}; ${why}` }
}

function loadTrust(pressure: PressureEvent | undefined): Trust {
  const why = 'load average counts the tasks of the whole node, whatever container they are in'
  if (pressure?.cpu) return { what: 'load', trust: 'container', why: `${why}; its pressure is its own` }
  return { what: 'load', trust: 'neither', why: `${why}; throttling and usage tell more` }
}

const uptimeTrust = (startTime: string): Trust => ({
  what: 'uptime',
  trust: 'container',
  why: `/proc/uptime counts from the boot of the node; the container's first process started ${startTime}`,
})
