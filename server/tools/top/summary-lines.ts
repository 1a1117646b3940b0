import { bytesText, coresText, percentText } from '../limits/format.ts'
import { oneDecimal } from '../limits/scale.ts'
import { hostLine } from '../limits/uptime-text.ts'
import type { CpuSplit, Scale, TopSample } from './schema.ts'

/** `top - 13:52:32 up 21 min,  0 user,  load average: 6.31, 3.87, 2.21` */
export const loadLine = (sample: TopSample) => `top -${hostLine(sample)}`

export function tasksLine({ tasks, threads }: TopSample): string {
  const { total, running, sleeping, stopped, zombie } = tasks
  const count = (value: number, word: string) => `${String(value).padStart(3)} ${word}`
  const counts = [
    count(total, 'total'),
    count(running, 'running'),
    count(sleeping, 'sleeping'),
    count(stopped, 'stopped'),
    count(zombie, 'zombie'),
  ]
  return `${threads ? 'Threads' : 'Tasks'}: ${counts.join(', ')}`
}

export const cpuLine = ({ cpu }: TopSample) => splitText('%Cpu(s):', cpu)

/** A line for each CPU. */
export const cpuLines = ({ cpus }: TopSample) =>
  cpus.map(({ cpu, ...split }) => splitText(`%Cpu${String(cpu).padEnd(3)}:`, split))

function splitText(label: string, split: CpuSplit): string {
  const part = (value: number, word: string) => `${oneDecimal(value).padStart(5)} ${word}`
  const parts = [
    part(split.userPercent, 'us'),
    part(split.systemPercent, 'sy'),
    part(split.nicePercent, 'ni'),
    part(split.idlePercent, 'id'),
    part(split.iowaitPercent, 'wa'),
    part(split.irqPercent, 'hi'),
    part(split.softirqPercent, 'si'),
    part(split.stealPercent, 'st'),
  ]
  return `${label}${parts.join(',')} `
}

const letters = ['k', 'm', 'g', 't', 'p', 'e'] as const
const unitNames = ['KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB']

/** Of the node. */
export function memoryLines({ memory, swap }: TopSample, scale: Scale): [memory: string, swap: string] {
  const power = letters.indexOf(scale)
  const unit = unitNames[power]
  const part = (bytes: number, word: string) => {
    const value = bytes / 1024 ** (power + 1)
    const text = `${power === 0 ? value.toFixed(0) : oneDecimal(value)} `
    return `${(text.length > 9 ? `${text.slice(0, 8)}+` : text).padStart(9)}${word}`
  }
  const first = [
    part(memory.totalBytes, 'total'),
    part(memory.freeBytes, 'free'),
    part(memory.usedBytes, 'used'),
    part(memory.buffCacheBytes, 'buff/cache'),
  ]
  const second = [part(swap.totalBytes, 'total'), part(swap.freeBytes, 'free'), part(swap.usedBytes, 'used')]
  return [
    `${unit} Mem : ${first.join(', ')}     `,
    `${unit} Swap: ${second.join(', ')}. ${part(memory.availableBytes, 'avail Mem')} `,
  ]
}

/** `app: memory 61.2 MiB of 128.0 MiB (48%), CPU 24.9% of 0.25 cores, throttled 90%` */
export function containerLine({ container }: TopSample): string | undefined {
  if (!container) return undefined
  const { memoryLimitBytes: limit, workingSetBytes: used, cpuLimitCores, cpuPercent, throttledPercent } = container
  const name =
    container.name ?? container.id?.slice(0, 12) ?? (container.kind === 'self' ? "ditty's own" : container.kind)
  const share = typeof limit === 'number' && used !== null ? ` (${percentText(used, limit)})` : ''
  const parts = [
    `memory ${used === null ? '?' : bytesText(used)}${ofLimit(limit, bytesText)}${share}`,
    `CPU ${cpuPercent === null ? '?' : `${oneDecimal(cpuPercent)}%`}${ofLimit(cpuLimitCores, coresText)}`,
    ...(throttledPercent === null ? [] : [`throttled ${oneDecimal(throttledPercent)}%`]),
  ]
  return `Container: ${name}: ${parts.join(', ')}`
}

function ofLimit(limit: number | 'max' | null, text: (value: number) => string): string {
  if (limit === null) return ', limit not known'
  return limit === 'max' ? ', no limit' : ` of ${text(limit)}`
}
