const units = ['B', 'KB', 'MB', 'GB', 'TB']

/** As a person's file manager says it, in powers of 1000: `4.7 GB`. */
export function showBytes(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3))
  const value = bytes / 1000 ** power
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[power]}`
}

/** `0:07`, `12:30`, `1:02:03`. */
export function showTime(seconds: number): string {
  const whole = Math.ceil(seconds)
  const pair = (value: number) => String(value).padStart(2, '0')
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60]
  return hours > 0 ? `${hours}:${pair(minutes)}:${pair(whole % 60)}` : `${minutes}:${pair(whole % 60)}`
}

/** Speed is that of the last so many ms: steady enough to read, quick enough to tell a stall. */
const speedMs = 4000

/** How fast something grows. */
export class Speed {
  #marks: { time: number; value: number }[] = []

  /** Per second; 0 until there is enough to tell. */
  at(value: number, time = performance.now()): number {
    const last = this.#marks.at(-1)
    if (!last || time - last.time >= 100) this.#marks.push({ time, value })
    while (this.#marks.length > 2 && time - this.#marks[1]!.time > speedMs) this.#marks.shift()
    const first = this.#marks[0]!
    return time - first.time < 300 ? 0 : Math.max(0, ((value - first.value) * 1000) / (time - first.time))
  }

  /** After a pause the time before it says nothing. */
  restart(): void {
    this.#marks = []
  }
}
