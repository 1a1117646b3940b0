import { element } from '../page/element.ts'
import { words } from '../words.ts'
import { type Playback, speeds } from './playback.ts'
import { clockText, type Mark } from './timeline.ts'

/** What stands in the bar; each asks for what the keys do too. */
export interface ControlActions {
  cutsIdle: boolean
  setCutsIdle(cuts: boolean): void
}

const icons = {
  play: 'M4 2.5v11l9.5-5.5z',
  pause: 'M4 2.5h3v11H4zM9.5 2.5h3v11h-3z',
}

function icon(): { svg: SVGElement; draw(name: keyof typeof icons): void } {
  const name = 'http://www.w3.org/2000/svg'
  const svg = document.createElementNS(name, 'svg')
  const path = document.createElementNS(name, 'path')
  svg.setAttribute('viewBox', '0 0 16 16')
  svg.setAttribute('aria-hidden', 'true')
  svg.append(path)
  return { svg, draw: name => path.setAttribute('d', icons[name]) }
}

/** The bar under the picture. */
export class Controls {
  readonly element: HTMLElement
  readonly #playback: Playback
  readonly #icon = icon()
  readonly #play = element('button', { type: 'button', class: 'play' })
  readonly #time = element('span', { class: 'time' })
  readonly #seek = element('input', { type: 'range', min: '0', step: 'any', 'aria-label': words.place })
  readonly #marks = element('div', { class: 'marks' })
  readonly #speed = element('select', { 'aria-label': words.speed })
  readonly #idle = element('input', { type: 'checkbox' })

  constructor(playback: Playback, { cutsIdle, setCutsIdle }: ControlActions) {
    this.#playback = playback
    this.#play.append(this.#icon.svg)
    this.#speed.append(...speeds.map(speed => element('option', { value: String(speed) }, `${speed}×`)))
    this.#idle.checked = cutsIdle
    this.#play.addEventListener('click', () => playback.toggle())
    this.#seek.addEventListener('input', () => playback.seek(Number(this.#seek.value)))
    this.#speed.addEventListener('change', () => {
      playback.speed = Number(this.#speed.value)
    })
    this.#idle.addEventListener('change', () => setCutsIdle(this.#idle.checked))
    this.element = element(
      'div',
      { class: 'controls' },
      this.#play,
      this.#time,
      element('div', { class: 'track' }, this.#seek, this.#marks),
      this.#speed,
      element('label', { class: 'idle' }, this.#idle, words.cutSilence),
    )
    this.retimed()
  }

  /** The length or the marks are others. */
  retimed(): void {
    const { timeline } = this.#playback
    this.#seek.max = String(timeline.durationMs)
    this.#marks.replaceChildren(...timeline.marks.slice(0, 500).map(mark => this.#markOf(mark, timeline.durationMs)))
    this.draw()
  }

  draw(): void {
    const { isPlaying, ms, speed, timeline } = this.#playback
    const name = isPlaying ? 'pause' : 'play'
    this.#icon.draw(name)
    this.#play.ariaLabel = words[name]
    const [now, whole] = [clockText(ms), clockText(timeline.durationMs)]
    this.#time.textContent = `${now} / ${whole}`
    this.#seek.value = String(ms)
    this.#seek.ariaValueText = now
    this.#seek.style.setProperty('--played', `${timeline.durationMs ? (ms / timeline.durationMs) * 100 : 0}%`)
    this.#speed.value = String(speed)
  }

  #markOf({ ms, label }: Mark, whole: number): HTMLElement {
    const mark = element('button', {
      type: 'button',
      tabindex: '-1',
      title: label || words.mark,
      'aria-label': label || words.mark,
    })
    mark.style.left = `${whole ? (ms / whole) * 100 : 0}%`
    mark.addEventListener('click', () => this.#playback.seek(ms))
    return mark
  }
}
