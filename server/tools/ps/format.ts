const two = (value: number) => String(value).padStart(2, '0')

/** `[dd-]hh:mm:ss`, cumulative CPU time in ps. */
export function longTime(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  const days = Math.floor(seconds / 86_400)
  const clock = `${two(Math.floor(seconds / 3600) % 24)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
  return days > 0 ? `${days}-${clock}` : clock
}

/** `minutes:ss`, the same in its BSD columns. */
export function shortTime(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  return `${String(Math.floor(seconds / 60)).padStart(3)}:${two(seconds % 60)}`
}

/** `[[dd-]hh:]mm:ss`, since the start. */
export function elapsedTime(seconds: number): string {
  const full = longTime(seconds * 1000)
  return seconds < 3600 ? full.slice(3) : full
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']

/** `15:57` today, `Nov21` on another day of this year, `2025` before. Local time. */
export function startTime(start: Date, now: Date): string {
  if (start.getFullYear() !== now.getFullYear()) return String(start.getFullYear())
  if (start.getMonth() !== now.getMonth() || start.getDate() !== now.getDate())
    return `${months[start.getMonth()]}${two(start.getDate())}`
  return `${two(start.getHours())}:${two(start.getMinutes())}`
}

/** `Sun Nov 22 15:57:41 2026`, local time. */
export function fullStartTime(start: Date): string {
  const day = String(start.getDate()).padStart(2)
  const clock = `${two(start.getHours())}:${two(start.getMinutes())}:${two(start.getSeconds())}`
  return `${days[start.getDay()]} ${months[start.getMonth()]} ${day} ${clock} ${start.getFullYear()}`
}
