const letters = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB']

/** `64.0 MiB`, `512 B` */
export function bytesText(bytes: number): string {
  let power = 0
  while (bytes >= 1024 ** (power + 1) && power < letters.length - 1) power++
  return `${power === 0 ? bytes : (bytes / 1024 ** power).toFixed(1)} ${letters[power]}`
}

/** A share in whole percent; below one as `<1%`. */
export function percentText(part: number, whole: number): string {
  const percent = whole === 0 ? 0 : (part / whole) * 100
  return percent > 0 && percent < 1 ? '<1%' : `${Math.round(percent)}%`
}

/** `0.25 cores`, `2 cores`, `1 core` */
export const coresText = (cores: number) => `${Math.round(cores * 1000) / 1000} ${cores === 1 ? 'core' : 'cores'}`

/** `340 ms`, `12.3 s`, `2 h 5 min` */
export function durationText(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 600_000) return `${(ms / 1000).toFixed(1)} s`
  const minutes = Math.floor(ms / 60_000)
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
