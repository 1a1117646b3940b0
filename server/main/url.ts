import { ToolError } from '../core/errors.ts'
import { readRecords } from '../http/runtime-record.ts'
import { addressWithToken } from './address.ts'
import { guarded } from './guarded.ts'
import { runtimePlace } from './place.ts'

/** `ditty url`: the address, with the token, of each server this user runs here. */
export const url = (words: string[]): Promise<number> =>
  guarded('ditty url', async () => {
    if (words.includes('--help') || words.includes('-h')) {
      process.stdout.write(
        'Usage: ditty url\n\nPrint the address, with its token, of the ditty that this user runs here.\n',
      )
      return 0
    }
    if (words.length) throw new ToolError('invalid_input', `ditty url takes no words, not '${words[0]}'`)
    const records = readRecords(runtimePlace())
    for (const { url, token } of records) console.log(addressWithToken(url, token))
    if (records.length) return 0
    throw new ToolError('not_found', 'no ditty of this user runs here', {
      remedy: `start one with \`ditty serve\`; another user's is seen by that user alone (this is UID ${process.getuid?.()})`,
    })
  })
