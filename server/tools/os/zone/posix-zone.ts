/** What a clock shows at some moment. */
export interface LocalClock {
  /** East of Greenwich is positive. */
  offsetSeconds: number
  abbreviation: string
  isDst: boolean
}

interface Rule {
  kind: 'month' | 'julian' | 'day'
  month: number
  week: number
  day: number
  /** Of the day; may be negative, or more than a day. */
  seconds: number
}

export interface PosixZone {
  standard: LocalClock
  summer: { clock: LocalClock; start: Rule; end: Rule } | null
}

const daySeconds = 86_400
/** What glibc and musl take where a zone with summer time has no rule: that of the United States. */
const defaultRules = 'M3.2.0,M11.1.0'

/** `CST-8`, `<+08>-8`, `CET-1CEST,M3.5.0,M10.5.0/3`; undefined for anything else. POSIX.1 8.3; tzset(3). */
export function parsePosixZone(text: string): PosixZone | undefined {
  const reader = new Reader(text)
  const standard = reader.clock(false)
  if (!standard) return undefined
  if (reader.isDone) return { standard, summer: null }
  const clock = reader.clock(true, standard.offsetSeconds + 3600)
  if (!clock) return undefined
  const rules = reader.isDone ? new Reader(`,${defaultRules}`) : reader
  const [start, end] = [rules.rule(), rules.rule()]
  return start && end && rules.isDone ? { standard, summer: { clock, start, end } } : undefined
}

class Reader {
  #rest: string

  constructor(text: string) {
    this.#rest = text
  }

  get isDone(): boolean {
    return this.#rest === ''
  }

  #take(pattern: RegExp): RegExpExecArray | undefined {
    const found = pattern.exec(this.#rest)
    if (!found) return undefined
    this.#rest = this.#rest.slice(found[0].length)
    return found
  }

  clock(isDst: boolean, ownOffset?: number): LocalClock | undefined {
    const name = this.#take(/^(?:<([A-Za-z0-9+-]{3,})>|([A-Za-z]{3,}))/)
    if (!name) return undefined
    const behind = this.#time()
    if (behind === undefined && ownOffset === undefined) return undefined
    return { offsetSeconds: behind === undefined ? ownOffset! : 0 - behind, abbreviation: name[1] ?? name[2]!, isDst }
  }

  rule(): Rule | undefined {
    const found = this.#take(/^,(?:M(\d+)\.(\d+)\.(\d+)|(J?)(\d+))/)
    if (!found) return undefined
    const [, month, week, weekDay, julian, day] = found
    const seconds = this.#take(/^\//) ? this.#time() : 7200
    if (seconds === undefined) return undefined
    const kind = month !== undefined ? 'month' : julian ? 'julian' : 'day'
    const rule: Rule = { kind, month: Number(month), week: Number(week), day: Number(weekDay ?? day), seconds }
    const fits =
      kind === 'month'
        ? rule.month >= 1 && rule.month <= 12 && rule.week >= 1 && rule.week <= 5 && rule.day <= 6
        : rule.day <= 365
    return fits ? rule : undefined
  }

  #time(): number | undefined {
    const found = this.#take(/^([+-]?)(\d{1,3})(?::(\d{1,2}))?(?::(\d{1,2}))?/)
    if (!found) return undefined
    const [, sign, hours, minutes = '0', seconds = '0'] = found
    const value = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)
    return sign === '-' ? -value : value
  }
}

/** `epochSeconds`: since 1970, UTC. */
export function posixClockAt({ standard, summer }: PosixZone, epochSeconds: number): LocalClock {
  if (!summer) return standard
  const year = new Date((epochSeconds + standard.offsetSeconds) * 1000).getUTCFullYear()
  const start = momentOf(summer.start, year) - standard.offsetSeconds
  const end = momentOf(summer.end, year) - summer.clock.offsetSeconds
  const isSummer =
    start < end ? epochSeconds >= start && epochSeconds < end : epochSeconds >= start || epochSeconds < end
  return isSummer ? summer.clock : standard
}

/** As seconds since 1970 on a clock that knows no zone. */
function momentOf(rule: Rule, year: number): number {
  return dayOf(rule, year) * daySeconds + rule.seconds
}

function dayOf({ kind, month, week, day }: Rule, year: number): number {
  const dayNumber = (month: number, day: number) => Date.UTC(year, month - 1, day) / (daySeconds * 1000)
  if (kind === 'day') return dayNumber(1, 1) + day
  // J60 is the first of March in every year.
  if (kind === 'julian') return day <= 59 ? dayNumber(1, day) : dayNumber(3, day - 59)
  const first = dayNumber(month, 1)
  const weekDay = new Date(first * daySeconds * 1000).getUTCDay()
  const found = first + ((day - weekDay + 7) % 7) + (week - 1) * 7
  return found >= dayNumber(month + 1, 1) ? found - 7 : found
}
