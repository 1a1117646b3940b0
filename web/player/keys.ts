import { type Playback, speeds } from './playback.ts'

/** How far the arrows go, in ms of the recording. */
const strideMs = 5000

/** The keys of asciinema's player, and of every other. True when the key was one of them. */
export function pressKey(playback: Playback, { key, target }: KeyboardEvent): boolean {
  // The choice of speed and the silence's box take these keys for themselves.
  if (target instanceof HTMLSelectElement || (target instanceof HTMLInputElement && target.type === 'checkbox'))
    return false
  // Enter and space on a button press it.
  if (target instanceof HTMLButtonElement && (key === ' ' || key === 'Enter')) return false
  const step = (by: -1 | 1) => speeds[speeds.indexOf(playback.speed) + by] ?? playback.speed
  const { durationMs } = playback.timeline
  const actions: Record<string, () => void> = {
    ' ': () => playback.toggle(),
    ArrowLeft: () => playback.seek(playback.ms - strideMs),
    ArrowRight: () => playback.seek(playback.ms + strideMs),
    Home: () => playback.seek(0),
    End: () => playback.seek(durationMs),
    '[': () => playback.seekMark(-1),
    ']': () => playback.seekMark(1),
    '<': () => (playback.speed = step(-1)),
    '>': () => (playback.speed = step(1)),
  }
  const action = /^[0-9]$/.test(key) ? () => playback.seek((durationMs * Number(key)) / 10) : actions[key]
  action?.()
  return action !== undefined
}
