import type { Chunk, Screen } from '../../core/tool.ts'
import { noteLines } from './note-lines.ts'
import type { HostEvent, LimitsEvent, LimitsInput, LimitsView, TargetEvent } from './schema.ts'

/** uptime(1), and below it the container's own start. */
export function renderUptime(_input: LimitsInput, view: LimitsView, _screen: Screen) {
  let target: TargetEvent | undefined
  return (event: LimitsEvent | { type: 'body' }): Chunk | Chunk[] | undefined => {
    if (event.type === 'target') target = event
    if (event.type === 'summary') return noteLines(event.notes.filter(({ what }) => what === 'load average'))
    if (event.type !== 'host') return undefined
    if (view.since) return `${localTime(event.bootTime)}\n`
    if (view.pretty) return `up ${prettyTime(event.uptimeSeconds)}\n`
    return `${hostLine(event)}\n${target ? containerLine(target) : ''}`
  }
}

/** ` 13:52:32 up 21 min,  0 user,  load average: 6.31, 3.87, 2.21` */
export function hostLine({
  time,
  uptimeSeconds,
  users,
  loadAverage,
}: Pick<HostEvent, 'time' | 'uptimeSeconds' | 'users' | 'loadAverage'>): string {
  const clock = localTime(time).slice(11)
  const load = loadAverage?.map(value => value.toFixed(2)).join(', ') ?? '?'
  const logins = `${String(users ?? 0).padStart(2)} user${(users ?? 0) > 1 ? 's' : ''}`
  return ` ${clock} up ${shortTime(uptimeSeconds)}, ${logins},  load average: ${load}`
}

function containerLine({ container, startTime, uptimeSeconds }: TargetEvent): string {
  if (startTime === null || uptimeSeconds === null || container.kind === 'host') return ''
  const whose = container.kind === 'self' ? "ditty's own" : (container.name ?? container.id?.slice(0, 12) ?? 'unnamed')
  return ` Container: ${whose}, up ${shortTime(uptimeSeconds).trimStart()}, since ${localTime(startTime)}\n`
}

/** ` 9:14`, `14 min`, `3 days,  2:00` */
function shortTime(seconds: number): string {
  const { days, hours, minutes } = split(seconds)
  const start = days === 0 ? '' : `${days} ${days === 1 ? 'day' : 'days'}, `
  return start + (hours > 0 ? `${String(hours).padStart(2)}:${String(minutes).padStart(2, '0')}` : `${minutes} min`)
}

const secondsIn = { decade: 315_360_000, year: 31_536_000, week: 604_800, day: 86_400, hour: 3600, minute: 60 }

/** `1 week, 2 days, 2 minutes`: zeros are left out, but for the minutes. Years have 365 days. */
export function prettyTime(seconds: number): string {
  const parts: string[] = []
  let rest = Math.floor(seconds)
  for (const [unit, length] of Object.entries(secondsIn)) {
    const count = Math.floor(rest / length)
    rest %= length
    if (count > 0 || unit === 'minute') parts.push(`${count} ${unit}${count === 1 ? '' : 's'}`)
  }
  return parts.join(', ')
}

function split(seconds: number) {
  const minutes = Math.floor(seconds / 60)
  return { days: Math.floor(minutes / 1440), hours: Math.floor(minutes / 60) % 24, minutes: minutes % 60 }
}

/** `2026-11-24 10:55:11`, in the time zone of whoever reads it. */
function localTime(time: string): string {
  const date = new Date(time)
  const two = (value: number) => String(value).padStart(2, '0')
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-')
  return `${day} ${[date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':')}`
}
