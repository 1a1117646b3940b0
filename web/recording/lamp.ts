import type { RecordingState } from '../../server/protocol/terminal-frames.ts'
import { sizeText } from '../bytes.ts'
import { element } from '../page/element.ts'
import { clockText } from '../player/timeline.ts'
import { words } from '../words.ts'

/** The red lamp of a session that is recorded, with how long and how large; a faint one of what was recorded. */
export class RecordingLamp {
  readonly element: HTMLElement
  readonly #text = element('span')
  #timer: ReturnType<typeof setInterval> | undefined

  /** Without `press` it only shows. */
  constructor(press?: () => void) {
    const lamp = element('span', { class: 'recording-lamp', 'aria-hidden': 'true' })
    this.element = press
      ? element('button', { type: 'button', class: 'recording-chip' }, lamp, this.#text)
      : element('span', { class: 'recording-chip' }, lamp, this.#text)
    if (press) this.element.addEventListener('click', press)
    // The terminal keeps the focus, and has it again when the panel closes.
    this.element.addEventListener('pointerdown', event => event.preventDefault())
  }

  show({ durationMs, sizeBytes, stopped, input }: RecordingState): void {
    clearInterval(this.#timer)
    const since = performance.now() - durationMs
    const draw = (ms: number) => {
      this.#text.textContent = `${clockText(ms)} · ${sizeText(sizeBytes)}`
    }
    draw(durationMs)
    if (stopped === null) this.#timer = setInterval(() => draw(performance.now() - since), 1000)
    this.element.dataset.stopped = stopped ?? ''
    this.element.title =
      stopped === null ? (input ? words.recordingInput : words.recording) : words.recordingStopped[stopped]
    this.element.ariaLabel = this.element.title
  }

  stop(): void {
    clearInterval(this.#timer)
  }
}
