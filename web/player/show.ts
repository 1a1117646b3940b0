import type { Terminal } from '@xterm/xterm'
import type { Cast } from '../../server/protocol/asciicast-reader.ts'
import { Controls } from './controls.ts'
import { pressKey } from './keys.ts'
import { Playback } from './playback.ts'
import { Projector } from './projector.ts'
import { Theatre } from './theatre.ts'
import { Timeline } from './timeline.ts'

/** One recording on the screen. */
export class Show {
  readonly controls: HTMLElement
  readonly #theatre: Theatre
  readonly #projector: Projector
  readonly #playback: Playback

  constructor(box: HTMLElement, cast: Cast) {
    this.#theatre = new Theatre(box, cast.header)
    this.#projector = new Projector(this.#theatre.terminal, cast.header, cast.events)
    let controls: Controls | undefined
    const timeline = new Timeline(cast, true)
    this.#playback = new Playback(this.#projector, timeline, () => controls?.draw())
    controls = new Controls(this.#playback, {
      cutsIdle: true,
      setCutsIdle: cuts => {
        this.#playback.retime(new Timeline(cast, cuts))
        controls?.retimed()
      },
    })
    this.controls = controls.element
  }

  get terminal(): Terminal {
    return this.#theatre.terminal
  }

  play(): void {
    this.#playback.play()
  }

  press(event: KeyboardEvent): boolean {
    return pressKey(this.#playback, event)
  }

  /** Resolves when the screen shows the place that was asked for. */
  settled(): Promise<void> {
    return this.#projector.settled()
  }

  close(): void {
    this.#playback.pause()
    this.#projector.close()
    this.#theatre.close()
  }
}
