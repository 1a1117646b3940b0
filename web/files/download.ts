import { element } from '../page/element.ts'

/** Leaves it to the browser, whose downloads show progress, can be paused and go on after a cut. */
export function download(url: URL): void {
  const link = element('a', { href: url.href, download: '' })
  document.body.append(link)
  link.click()
  link.remove()
}

/** Why it can't be downloaded; undefined when it can. One byte is asked for, since a browser shows no refusal. */
export async function refusalOf(url: URL): Promise<{ code: string; detail: string } | undefined> {
  const ended = new AbortController()
  try {
    const answer = await fetch(url, { headers: { Range: 'bytes=0-0' }, signal: ended.signal })
    if (answer.ok || answer.status === 416) return undefined
    return (await answer.json()) as { code: string; detail: string }
  } catch (error) {
    return { code: 'unavailable', detail: String((error as Error).message) }
  } finally {
    ended.abort()
  }
}
