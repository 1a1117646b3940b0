import type { Chunk, Screen } from '../../core/tool.ts'
import { bytesText, coresText, durationText, percentText } from './format.ts'
import { noteLines } from './note-lines.ts'
import { scaled } from './scale.ts'
import type { DeviceEvent, LimitsEvent, LimitsInput, LimitsSummary, LimitsView } from './schema.ts'
import { alignRows, type Row } from './table.ts'
import type { Round } from './trust.ts'
import { prettyTime } from './uptime-text.ts'

interface Seen extends Partial<Round> {
  devices: DeviceEvent[]
  pids?: Extract<LimitsEvent, { type: 'pids' }>
}

/** The container beside the node, and below it which of the two to trust. */
export function renderLimits(_input: LimitsInput, view: LimitsView, screen: Screen) {
  let seen: Seen = { devices: [] }
  return (event: LimitsEvent | { type: 'body' }): Chunk | Chunk[] | undefined => {
    if (event.type === 'body') return undefined
    if (event.type === 'summary') return [trustLines(event), ...noteLines(event.notes)]
    if (event.type === 'device') seen.devices.push(event)
    else seen = { ...seen, [event.type]: event }
    if (event.type !== 'host') return undefined
    const text = `${titleOf(seen)}${alignRows(rowsOf(seen, view), screen)}\n`
    seen = { devices: [] }
    return text
  }
}

function titleOf({ target }: Seen): string {
  if (!target) return ''
  const { container, cgroup, pid, uptimeSeconds } = target
  const name = container.name ?? container.id?.slice(0, 12)
  const kind = { self: "ditty's own container", host: 'the node, outside of containers' }[container.kind as string]
  const facts = [
    container.runtime,
    container.podUid && `pod ${container.podUid}`,
    `pid ${pid}`,
    cgroup.layout === 'none' ? 'no cgroup' : `cgroup ${cgroup.layout}`,
    uptimeSeconds !== null && `up ${prettyTime(uptimeSeconds)}`,
  ].filter(Boolean)
  return `${[name, kind ?? 'container'].filter(Boolean).join(': ')} (${facts.join(', ')})\n\n`
}

function rowsOf(seen: Seen, view: LimitsView): Row[] {
  return [
    ...memoryRows(seen, view),
    ...cpuRows(seen),
    ...pidsRows(seen),
    ...pressureRows(seen),
    ...seen.devices.map(deviceRow),
  ]
}

const unknown = '?'

function memoryRows({ memory: own, host }: Seen, view: LimitsView): Row[] {
  const node = host!.memory
  const size = (bytes: number | 'max' | null | undefined): string | undefined => {
    if (bytes === undefined) return undefined
    if (bytes === null) return unknown
    if (bytes === 'max') return 'no limit'
    return view.unit === 'auto' && !view.si && !view.human ? bytesText(bytes) : scaled(bytes, view)
  }
  const limit = own?.effectiveLimitBytes
  const share = (bytes: number | null | undefined) =>
    typeof bytes === 'number' && typeof limit === 'number' ? ` (${percentText(bytes, limit)})` : ''
  const used = size(own?.workingSetBytes)
  return [
    ['Memory limit', size(limit), size(node.totalBytes)],
    ['  set by', limit === own?.limitBytes ? undefined : (own?.limitedBy ?? undefined)],
    ['  used (working set)', used && used + share(own?.workingSetBytes), size(node.usedBytes)],
    ['  usage with cache', size(own?.usageBytes)],
    ['  highest usage', size(own?.peakBytes)],
    ['  cache', size(own?.cacheBytes), size(node.cachedBytes + node.buffersBytes)],
    ['  anonymous', size(own?.anonBytes)],
    ['  shared', size(own?.shmemBytes), size(node.sharedBytes)],
    ['  kernel', size(own?.kernelBytes)],
    ['  swap', size(own?.swapBytes), size(host!.swap.usedBytes)],
    ['  swap limit', size(own?.swapLimitBytes), size(host!.swap.totalBytes)],
    ['  memory.high', size(own?.highBytes ?? undefined)],
    ['  above memory.high', times(own?.highEvents ?? undefined)],
    ['  came up to the limit', times(own?.maxEvents)],
    ['  OOM kills', times(own?.oomKills)],
  ]
}

function times(count: number | null | undefined): string | undefined {
  if (count === undefined) return undefined
  return count === null ? unknown : String(count)
}

function cpuRows({ cpu: own, cpuset, host }: Seen): Row[] {
  const node = coresText(host!.cpus)
  const duration = (ms: number | null | undefined) =>
    ms === undefined ? undefined : ms === null ? unknown : durationText(ms)
  return [
    ['CPU limit', coresCell(own?.effectiveLimitCores), node],
    ['  set by', own?.effectiveLimitCores === own?.limitCores ? undefined : (own?.limitedBy ?? undefined)],
    ['  may run on', cpuset && (cpuset.cpus ?? unknown)],
    ['  weight', own?.weight?.toString()],
    ['  shares', own?.shares?.toString()],
    ['  used', duration(own?.usageMs)],
    ['  throttled', own && throttled(own)],
    ['  throttled for', own?.periods ? duration(own.throttledMs) : undefined],
  ]
}

function coresCell(limit: number | 'max' | null | undefined): string | undefined {
  if (limit === undefined) return undefined
  if (limit === null) return unknown
  return limit === 'max' ? 'no limit' : coresText(limit)
}

function throttled({ throttledPeriods, periods }: NonNullable<Seen['cpu']>): string {
  if (throttledPeriods === null || periods === null) return unknown
  return periods === 0
    ? 'never'
    : `${throttledPeriods} of ${periods} periods (${percentText(throttledPeriods, periods)})`
}

function pidsRows({ pids: own, host }: Seen): Row[] {
  const limit = own?.effectiveLimit
  const rows: Row[] = [
    ['Tasks', own && times(own.current), host!.tasks === null ? unknown : String(host!.tasks)],
    ['  limit', own && (limit === 'max' ? 'no limit' : times(limit as number | null))],
    ['  forks that failed on it', own?.maxEvents ? times(own.maxEvents) : undefined],
  ]
  return [...rows, ['Load average', undefined, host!.loadAverage?.map(value => value.toFixed(2)).join(' ') ?? unknown]]
}

function pressureRows({ pressure: own, host }: Seen): Row[] {
  const rows: Row[] = []
  for (const resource of ['cpu', 'memory', 'io'] as const)
    for (const kind of ['some', 'full'] as const)
      rows.push([
        `Pressure ${resource} ${kind}`,
        averages(own?.[resource]?.[kind]),
        averages(host!.pressure[resource]?.[kind]),
      ])
  return rows
}

const averages = (stall: { avg10: number; avg60: number; avg300: number } | null | undefined) =>
  stall ? [stall.avg10, stall.avg60, stall.avg300].map(value => value.toFixed(2)).join(' ') : undefined

const deviceRow = ({ device, name, readBytes, writtenBytes, readOperations, writeOperations }: DeviceEvent): Row => [
  `io ${name ?? device}`,
  `${bytesText(readBytes)} read in ${readOperations}, ${bytesText(writtenBytes)} written in ${writeOperations}`,
]

function trustLines({ trust }: LimitsSummary): string {
  const whose = { container: "the container's", node: "the node's", neither: 'neither' }
  return trust.map(({ what, trust, why }) => `Trust ${whose[trust]} ${what}: ${why}\n`).join('')
}
