import { isatty } from 'node:tty'
import type { SendEvent } from './offer-files.ts'

/** Speed is that of the last so many ms: steady enough to read, quick enough to tell a stall. */
const speedMs = 3000

interface Offered {
  name: string
  sizeBytes: number | null
  /** When and how far, the oldest first. */
  marks: { time: number; bytes: number }[]
}

/** What a person reads while files are sent: a line for each that is done, and on a terminal one that moves. */
export class Progress {
  readonly #offered = new Map<string, Offered>()
  readonly #moves = isatty(2)

  show(event: SendEvent): void {
    if (event.type === 'waiting') this.#say(event.viewers === 0 ? nobodyLooks : '')
    else if (event.type === 'offer') this.#offer(event)
    else if (event.type === 'progress') this.#progress(event.id, event.sentBytes)
    else if (event.type === 'sent') this.#done(event.id, `sent, ${inBytes(event.sentBytes)}`)
    else if (event.type === 'declined') this.#done(event.id, 'declined')
  }

  /** Takes the moving line away. */
  clear(): void {
    if (this.#moves) process.stderr.write('\r\x1b[K')
  }

  #offer({ id, name, sizeBytes }: Extract<SendEvent, { type: 'offer' }>): void {
    this.#offered.set(id, { name: printable(name), sizeBytes, marks: [] })
    const files = this.#offered.size === 1 ? printable(name) : `${this.#offered.size} files`
    this.#move(`${files}: waiting for Download to be pressed in the page (Ctrl-C withdraws)`)
  }

  #progress(id: string, bytes: number): void {
    const offered = this.#offered.get(id)
    if (!offered) return
    const time = performance.now()
    offered.marks.push({ time, bytes })
    while (offered.marks.length > 2 && time - offered.marks[0]!.time > speedMs) offered.marks.shift()
    this.#move(progressLine(offered))
  }

  #done(id: string, how: string): void {
    this.clear()
    process.stdout.write(`${this.#offered.get(id)?.name}: ${how}\n`)
  }

  #say(text: string): void {
    if (text) process.stderr.write(`${text}\n`)
  }

  #move(line: string): void {
    if (this.#moves) process.stderr.write(`\r\x1b[K${line.slice(0, (process.stderr.columns ?? 80) - 1)}`)
  }
}

const nobodyLooks = 'Nobody looks at this terminal now; what is sent waits until somebody does.'

/** `chart.bin  45 %  120 MiB  11.2 MiB/s  0:12 left` */
export function progressLine({ name, sizeBytes, marks }: Offered): string {
  const [first, last] = [marks[0]!, marks.at(-1)!]
  const perSecond = last === first ? 0 : ((last.bytes - first.bytes) * 1000) / (last.time - first.time)
  const share = sizeBytes ? `${Math.floor((last.bytes / sizeBytes) * 100)} %` : ''
  const left = sizeBytes && perSecond > 0 ? `${inTime((sizeBytes - last.bytes) / perSecond)} left` : ''
  const speed = perSecond > 0 ? `${inBytes(perSecond)}/s` : ''
  return [name, share, inBytes(last.bytes), speed, left].filter(Boolean).join('  ')
}

export function inBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10))
  const value = bytes / 1024 ** power
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[power]}`
}

export function inTime(seconds: number): string {
  const whole = Math.ceil(seconds)
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  const shown = parts[0] === 0 ? parts.slice(1) : parts
  return shown.map((part, index) => (index === 0 ? String(part) : String(part).padStart(2, '0'))).join(':')
}

/** A name may hold what moves the cursor. */
const printable = (name: string) =>
  name.replaceAll(/\p{Cc}/gu, character => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`)
