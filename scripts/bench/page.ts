import type { Terminal } from '@xterm/xterm'
import { type Browser, chromium, type Page } from 'playwright-core'
import type {} from '../../web/handle.ts'
import { token } from './ditty.ts'

/** What this file uses of the DOM, in functions that run in the page. */
interface PageWindow {
  WebSocket: typeof WebSocket
  addEventListener(type: 'keydown', listener: (event: { timeStamp: number }) => void, capture: true): void
}
declare const requestAnimationFrame: (callback: () => void) => number
declare const addEventListener: (type: 'keydown', listener: () => void, options: object) => void
declare const dispatchEvent: (event: Event) => boolean

declare global {
  /** ttyd's emulator. */
  var term: Terminal | undefined
  /** When things happened in the page, in ms since its navigation began. */
  var moments: { dialled: number; pressed: number; changed: number }
}

/** A terminal has stopped when nothing came for so long, in ms. */
const quietMs = 500

/** A page of Chromium, ditty's or ttyd's own, seen from inside. */
export class PageUnderMeasure implements AsyncDisposable {
  readonly #browser: Browser
  #page: Page | undefined

  private constructor(browser: Browser) {
    this.#browser = browser
  }

  static async launch(): Promise<PageUnderMeasure> {
    const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking']
    return new PageUnderMeasure(await chromium.launch({ executablePath: '/usr/bin/chromium', args }))
  }

  async openDitty(port: number, id: string): Promise<void> {
    await this.#open(`http://127.0.0.1:${port}/#token=${token}&terminal=${id}`)
  }

  async openTtyd(port: number, query: string): Promise<void> {
    await this.#open(`http://127.0.0.1:${port}/${query}`)
  }

  /** Types a line, as a person would, with Enter not yet pressed. */
  async type(line: string): Promise<void> {
    await this.page.keyboard.insertText(line)
  }

  /** Presses a key; ms from there until the last line that was written ends with `text`, and two more frames were drawn. */
  async drawnAfter(key: string, text: string): Promise<number> {
    await this.page.keyboard.press(key)
    const drawn = await this.page.evaluate(whenDrawn, { text, above: 0 })
    return drawn - (await this.page.evaluate(() => globalThis.moments.pressed))
  }

  /** The next key meets a connection that is cut at that moment, as a change of networks does it. */
  async cutAtNextKey(): Promise<void> {
    await this.page.evaluate(() => {
      const cut = () => void dispatchEvent(new Event('online'))
      addEventListener('keydown', cut, { capture: true, once: true })
    })
  }

  /** Presses a key; ms from there to the last change of the emulator's buffer. */
  async quietAfter(key: string): Promise<number> {
    await this.page.evaluate(watchChanges)
    await this.page.keyboard.press(key)
    return this.page.evaluate(whenQuiet, quietMs)
  }

  /** Waits until the last line ends with `text`. */
  async shows(text: string): Promise<void> {
    await this.page.evaluate(whenDrawn, { text, above: 0 })
  }

  /** Loads the page again; ms until `text` is drawn with `above` lines over the screen: since the load began, since the socket was opened. */
  async reload(text: string, above: number): Promise<{ sinceStart: number; sinceDial: number }> {
    await this.page.reload({ waitUntil: 'commit' })
    const sinceStart = await this.page.evaluate(whenDrawn, { text, above })
    return { sinceStart, sinceDial: sinceStart - (await this.page.evaluate(() => globalThis.moments.dialled)) }
  }

  async close(): Promise<void> {
    await this.#page?.context().close()
    this.#page = undefined
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close()
  }

  get page(): Page {
    if (!this.#page) throw new Error('no page is open')
    return this.#page
  }

  async #open(url: string): Promise<void> {
    const context = await this.#browser.newContext({ viewport: { width: 1000, height: 620 } })
    this.#page = await context.newPage()
    await this.#page.addInitScript(noteMoments)
    await this.#page.goto(url)
  }
}

function noteMoments(): void {
  const page = globalThis as unknown as PageWindow
  const moments = { dialled: 0, pressed: 0, changed: 0 }
  globalThis.moments = moments
  page.WebSocket = class extends page.WebSocket {
    constructor(...words: ConstructorParameters<typeof WebSocket>) {
      moments.dialled = performance.now()
      super(...words)
    }
  }
  page.addEventListener(
    'keydown',
    ({ timeStamp }) => {
      moments.pressed = timeStamp
    },
    true,
  )
}

async function whenDrawn({ text, above }: { text: string; above: number }): Promise<number> {
  const frame = () => new Promise<void>(resolve => requestAnimationFrame(() => resolve()))
  const shows = () => {
    const buffer = (globalThis.ditty?.terminal ?? globalThis.term)?.buffer.active
    if (!buffer || buffer.baseY < above) return false
    const line = buffer.getLine(buffer.baseY + buffer.cursorY)
    return line?.translateToString(true).endsWith(text) ?? false
  }
  const deadline = performance.now() + 90_000
  while (!shows()) {
    if (performance.now() > deadline) throw new Error(`the terminal never showed '${text}'`)
    await frame()
  }
  await frame()
  await frame()
  return performance.now()
}

function watchChanges(): void {
  const { moments } = globalThis
  if (moments.changed > 0) return
  moments.changed = performance.now()
  ;(globalThis.ditty?.terminal ?? globalThis.term)?.onWriteParsed(() => {
    moments.changed = performance.now()
  })
}

async function whenQuiet(quietMs: number): Promise<number> {
  const { moments } = globalThis
  const lastMoment = () => Math.max(moments.pressed, moments.changed)
  for (let left = quietMs; left > 0; left = lastMoment() + quietMs - performance.now())
    await new Promise(resolve => setTimeout(resolve, left))
  return lastMoment() - moments.pressed
}
