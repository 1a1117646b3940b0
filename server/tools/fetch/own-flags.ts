import { ToolError } from '../../core/errors.ts'
import type { Flag } from '../../core/tool.ts'
import { curlFlags } from './curl/applet.ts'
import { CurlError } from './curl/error.ts'

/** What means nothing here, or is an operand. */
const curlAlone = ['no-progress-meter', 'no-buffer', 'url']

/** Help where curl's own would not be true here. */
const help: Record<string, string> = { fail: 'Exit with 1 when the HTTP status is 400 or more' }

/**
 * The command line of `ditty fetch`: curl's flags, read by the same table. What differs is the data: a field of its own, so
 * that a run by the API can send a form too.
 */
export const ownFlags: Flag[] = curlFlags
  .filter(({ long }) => !curlAlone.includes(long ?? ''))
  .map(flag => (flag.field === 'body' ? formFlag(flag) : withoutStatus(flag)))

function formFlag(flag: Flag): Flag {
  const { parse } = withoutStatus(flag)
  return {
    ...flag,
    field: 'form',
    async parse(word, previous, files) {
      const bytes = await parse!(word, typeof previous === 'string' ? Buffer.from(previous) : undefined, files)
      return textOf(Buffer.from(bytes as Uint8Array))
    },
  }
}

function textOf(bytes: Buffer): string {
  const text = bytes.toString('utf8')
  if (Buffer.from(text, 'utf8').equals(bytes)) return text
  throw new ToolError('invalid_input', 'the data is no UTF-8 text; curl --data-binary sends bytes as they are')
}

/** Exit statuses of curl's own have no place in our messages. */
function withoutStatus(flag: Flag): Flag {
  const own = help[flag.long ?? '']
  if (own !== undefined) return { ...flag, help: own }
  if (!flag.parse) return flag
  return {
    ...flag,
    async parse(word, previous, files) {
      try {
        return await flag.parse!(word, previous, files)
      } catch (error) {
        throw error instanceof CurlError ? new ToolError(error.code, error.words, { cause: error }) : error
      }
    },
  }
}
