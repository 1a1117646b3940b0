import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchChromium, openShell, type } from '../browser/chromium.ts'
import { type Ditty, startDitty } from '../browser/ditty.ts'
import { type Answer, behaviours } from './behaviours.ts'
import { makeWorld, type World } from './world.ts'

let world: World
let server: Ditty
let browser: Browser
let page: Page

beforeAll(async () => {
  world = await makeWorld()
  server = await startDitty()
  browser = await launchChromium()
  page = (await openShell(browser, server.printedUrl)).page
})

afterAll(async () => {
  await browser?.close()
  await server?.close()
  await world?.close()
})

/** Asks as the page's own scripts do: with the cookie it traded its token for. */
const ask = (tool: string, input: object) =>
  page.evaluate(
    async ({ tool, input }) => {
      const headers = { 'content-type': 'application/json' }
      const body = JSON.stringify(input)
      const response = await fetch(`api/v1/tools/${tool}`, { method: 'POST', headers, body })
      const answer = await response.json()
      return response.ok ? answer : { events: [], error: { ...answer, message: answer.detail } }
    },
    { tool, input },
  ) as Promise<Answer>

describe.each(behaviours)('$tool $does', ({ tool, input, words, status, expects }) => {
  test('asked by the page', async () => {
    expects(await ask(tool, input(world)), world)
  })

  test("typed into the page's terminal, with its exit status", async () => {
    const command = ['ditty', tool, ...words(world)].join(' ')
    expect((await type(page, `${command} > /dev/null 2>&1; echo "status $?"`)).at(-1)).toBe(`status ${status}`)
  })
})
