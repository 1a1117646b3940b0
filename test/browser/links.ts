import type { Page } from 'playwright-core'

/** On the page, in pixels. */
export interface Place {
  x: number
  y: number
}

/** Where the first letters of the line stand that is `text` and nothing else. */
export const placeOf = (page: Page, text: string): Promise<Place> =>
  page.evaluate(text => {
    const { buffer, rows } = ditty.terminal
    const lines = Array.from({ length: rows }, (_, row) =>
      buffer.active.getLine(buffer.active.viewportY + row)?.translateToString(true),
    )
    const { left, top, height } = document.querySelector('.xterm-screen')!.getBoundingClientRect()
    return { x: left + 15, y: top + ((lines.indexOf(text) + 0.5) * height) / rows }
  }, text)

/** Moves the pointer there, and gives what the page says of the link, which may take it a moment. */
export async function pointAt(page: Page, { x, y }: Place): Promise<string> {
  await page.mouse.move(x - 3, y)
  await page.mouse.move(x, y)
  const told = page.locator('.status .message[data-kind="link"]')
  return (await told.textContent({ timeout: 500 }).catch(() => null)) ?? ''
}
