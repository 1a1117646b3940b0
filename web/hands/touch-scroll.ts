import type { Terminal } from '@xterm/xterm'

/** How much of its speed a flick keeps each ms: it halves in a quarter of a second, as on phones. */
const decayPerMs = 0.9972

/** Below this, in pixels a ms, a flick is over. */
const leastSpeed = 0.02

/** A finger that rested this long before it left, in ms, meant no flick. */
const restMs = 60

/**
 * xterm.js scrolls by the wheel alone, so fingers are taken for one: in the scrollback, in a pager (arrow keys) and in a program
 * that has the mouse.
 */
export function attachTouchScroll(terminal: Terminal, host: HTMLElement): void {
  const wheel = new TouchWheel(terminal, host)
  host.addEventListener('touchstart', event => wheel.start(event), { passive: true })
  host.addEventListener('touchmove', event => wheel.move(event), { passive: false })
  host.addEventListener('touchend', event => wheel.end(event))
  host.addEventListener('touchcancel', () => wheel.stop())
}

class TouchWheel {
  readonly #terminal: Terminal
  readonly #host: HTMLElement
  #point: { x: number; y: number; time: number } | undefined
  /** In pixels a ms, down being positive. */
  #speed = 0
  /** Of a line, in pixels: what was moved but not yet scrolled. */
  #left = 0
  #frame = 0

  constructor(terminal: Terminal, host: HTMLElement) {
    this.#terminal = terminal
    this.#host = host
  }

  start({ touches, timeStamp }: TouchEvent): void {
    this.stop()
    const [touch] = touches
    if (touch && touches.length === 1) this.#point = { x: touch.clientX, y: touch.clientY, time: timeStamp }
  }

  move(event: TouchEvent): void {
    const [touch] = event.touches
    if (!touch || !this.#point || event.touches.length > 1) return
    event.preventDefault()
    const moved = touch.clientY - this.#point.y
    this.#speed = moved / Math.max(1, event.timeStamp - this.#point.time)
    this.#point = { x: touch.clientX, y: touch.clientY, time: event.timeStamp }
    this.#scroll(moved)
  }

  end({ timeStamp }: TouchEvent): void {
    const rested = timeStamp - (this.#point?.time ?? 0) > restMs
    if (this.#point && !rested) this.#glide(performance.now())
    else this.stop()
  }

  stop(): void {
    cancelAnimationFrame(this.#frame)
    this.#speed = 0
    this.#left = 0
  }

  #glide(before: number): void {
    this.#frame = requestAnimationFrame(now => {
      const passed = Math.max(0, now - before)
      this.#speed *= decayPerMs ** passed
      if (Math.abs(this.#speed) < leastSpeed) return this.stop()
      this.#scroll(this.#speed * passed)
      this.#glide(now)
    })
  }

  #scroll(pixels: number): void {
    const height = this.#lineHeight
    this.#left += pixels
    const lines = Math.trunc(this.#left / height)
    if (lines === 0) return
    this.#left -= lines * height
    const { buffer, modes } = this.#terminal
    if (buffer.active.type === 'normal' && modes.mouseTrackingMode === 'none') this.#terminal.scrollLines(-lines)
    else for (let line = 0; line < Math.abs(lines); line++) this.#turn(-Math.sign(lines))
  }

  /** One notch of a wheel, where the finger is. */
  #turn(deltaY: number): void {
    const { x = 0, y = 0 } = this.#point ?? {}
    const options = { deltaY, deltaMode: WheelEvent.DOM_DELTA_LINE, clientX: x, clientY: y, bubbles: true }
    const screen = this.#host.querySelector('.xterm-screen')
    screen?.dispatchEvent(new WheelEvent('wheel', { ...options, cancelable: true }))
  }

  get #lineHeight(): number {
    return (this.#host.querySelector('.xterm-screen')?.clientHeight ?? 0) / this.#terminal.rows || 16
  }
}
