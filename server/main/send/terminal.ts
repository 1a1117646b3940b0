import { ToolError } from '../../core/errors.ts'
import { readRecords } from '../../http/runtime-record.ts'
import { runtimePlace } from '../place.ts'

/** A terminal, and how to speak of it to its server. */
export interface KnownTerminal {
  id: string
  url: string
  token: string
}

/** The terminal that this process runs in. Throws ToolError that says what to do where it is in none. */
export async function findTerminal(environment: Record<string, string | undefined>): Promise<KnownTerminal> {
  const { DITTY_TERMINAL: id, DITTY_URL: address, DITTY_TOKEN } = environment
  if (!id)
    throw new ToolError('not_found', "this is no terminal of ditty's", {
      remedy: 'open the page (`ditty url` prints its address) and run this in the terminal there',
    })
  if (address) return { id, ...parseAddress(address, DITTY_TOKEN) }
  const records = readRecords(runtimePlace())
  for (const { url, token } of records) if (await knows(url, token, id)) return { id, url, token }
  throw new ToolError('not_found', "this terminal's ditty isn't found", {
    remedy: `run this as the user that ditty runs as (this is UID ${process.getuid?.()}), or set DITTY_URL to what \`ditty url\` prints`,
  })
}

function parseAddress(address: string, token: string | undefined): { url: string; token: string } {
  const { origin, pathname, hash } = URL.parse(address) ?? {}
  const given = /[#&]token=([^&]+)/.exec(hash ?? '')?.[1]
  const found = given === undefined ? token : decodeURIComponent(given)
  if (origin && found) return { url: origin + (pathname ?? '').replace(/\/$/, ''), token: found }
  throw new ToolError('invalid_input', 'DITTY_URL is no address with a token', {
    remedy: 'set it to what `ditty url` prints',
  })
}

async function knows(url: string, token: string, id: string): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/api/v1/terminals/${encodeURIComponent(id)}`, {
      headers: { Authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(2000),
    })
    await answer.body?.cancel()
    return answer.ok
  } catch {
    return false
  }
}
