import { isatty } from 'node:tty'
import { guarded } from './guarded.ts'
import { openHouse } from './house.ts'
import { parseServeOptions, serveHelp } from './serve-options.ts'
import { untilEnded } from './until-ended.ts'

/** `ditty serve`: the page and the API until a signal ends it. */
export const serve = (words: string[]): Promise<number> =>
  guarded('ditty serve', async () => {
    const options = parseServeOptions(words)
    if (!options) {
      process.stdout.write(serveHelp('serve', 'Serve the page and the API until a signal ends it.'))
      return 0
    }
    const ended = untilEnded()
    const house = await openHouse(options)
    if (house.port !== options.port && options.port !== 0)
      console.log(`Port ${options.port} is taken, so this is ${house.port}.`)
    console.log(`ditty is at ${isatty(1) ? house.urlWithToken : house.url}`)
    if (!isatty(1)) console.log('ditty url, run beside it as the same user, prints the address with the token.')
    const status = await ended
    await house.close()
    return status
  })
