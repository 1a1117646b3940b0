import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import type {} from '../../web/handle.ts'

/** A program that takes every byte as it comes and keeps it in a file of its home. */
export class Reader {
  readonly #file: string
  readonly #page: Page
  #read = 0

  private constructor(page: Page, file: string) {
    this.#page = page
    this.#file = file
  }

  /** `prepare`: a command that runs before it, to set modes. */
  static async start(page: Page, home: string, prepare = ':'): Promise<Reader> {
    const name = `read-${crypto.randomUUID()}`
    await page.keyboard.insertText(`${prepare}; : > ~/${name}; stty raw -echo; printf ready; cat >> ~/${name}`)
    await page.keyboard.press('Enter')
    const isReady = () =>
      page.evaluate(() => {
        const { active } = ditty.terminal.buffer
        return (
          active
            .getLine(active.baseY + active.cursorY)
            ?.translateToString(true)
            .endsWith('ready') ?? false
        )
      })
    while (!(await isReady())) await delay(20)
    return new Reader(page, join(home, name))
  }

  /** What came since it was last asked. A mark sent after all that was typed tells when everything is there. */
  async take(): Promise<string> {
    const mark = '\x1b[mark'
    await this.#page.evaluate(mark => ditty.terminal.input(mark), mark)
    for (;;) {
      const bytes = (await readFile(this.#file)).subarray(this.#read)
      if (bytes.toString().endsWith(mark)) {
        this.#read += bytes.length
        return bytes.toString().slice(0, -mark.length)
      }
      await delay(10)
    }
  }
}
