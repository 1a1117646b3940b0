import { announce } from './announce.ts'
import { guarded } from './guarded.ts'
import { openHouse } from './house.ts'
import { parseServeOptions, serveHelp } from './serve-options.ts'
import { untilEnded } from './until-ended.ts'

/** `ditty serve`: the page and the API until a signal ends it. */
export const serve = (words: string[]): Promise<number> =>
  guarded('ditty serve', async () => {
    const options = parseServeOptions(words)
    if (!options) return serveHelp('serve', 'Serve the page and the API until a signal ends it.')
    const ended = untilEnded()
    await using house = await openHouse(options)
    announce(house, options.port)
    return await ended
  })
