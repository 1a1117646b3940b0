import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { vi } from 'vitest'
import type {} from '../../web/handle.ts'
import { until } from './chromium.ts'

const patience = { timeout: 60_000, interval: 10 }

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
    await until(
      page,
      () => {
        const { active } = ditty.terminal.buffer
        const line = active.getLine(active.baseY + active.cursorY)?.translateToString(true)
        return line?.endsWith('ready') ?? false
      },
      undefined,
    )
    return new Reader(page, join(home, name))
  }

  /** What came since it was last asked, up to a mark that is sent now: after all that was typed before. */
  async take(): Promise<string> {
    const mark = '\x1b[mark'
    await this.#page.evaluate(mark => ditty.terminal.input(mark), mark)
    return vi.waitFor(async () => {
      const bytes = (await readFile(this.#file)).subarray(this.#read)
      const end = bytes.indexOf(mark)
      if (end < 0) throw new Error(`without a mark: ${bytes}`)
      this.#read += end + mark.length
      return bytes.toString('utf8', 0, end)
    }, patience)
  }
}
