import type { Chunk } from '../../../core/tool.ts'
import { type ByteText, byteTextOf, rawText } from '../byte-text.ts'
import type { Found } from '../found.ts'
import { modeText } from '../mode-text.ts'
import { onTerminal } from '../printable-path.ts'
import { recentOrOld } from '../recent.ts'

/** Columns grow with what they have held. */
const widths = () => ({ inode: 9, blocks: 6, links: 3, user: 8, group: 8, size: 8, major: 3, minor: 3 })
type Column = keyof ReturnType<typeof widths>

/** find's `-ls`: list_file() of findutils. */
export function lsLines(isTerminal: boolean): (found: Found) => Chunk {
  const width = widths()
  const cell = (column: Column, text: string) => {
    width[column] = Math.max(width[column], text.length)
    return text.padStart(width[column])
  }
  // findutils counts the blank behind the number of a nameless user, too, from the next line on.
  const owner = (column: Column, name: string | null, id: number) => {
    const text = name === null ? String(id).padEnd(8) : byteTextOf(name)
    width[column] = Math.max(width[column], text.length + (name === null && column === 'user' ? 1 : 0))
    return name === null ? text : text.padEnd(width[column])
  }
  return found => {
    const { status, pathBytes, linkTargetBytes } = found
    if (!status) return ''
    const isDevice = status.type === 'character' || status.type === 'block'
    const { major, minor } = status.special
    const size = isDevice
      ? `${cell('major', String(major))}, ${cell('minor', String(minor))}`
      : cell('size', String(status.size))
    const target = linkTargetBytes === undefined ? '' : ` -> ${escaped(linkTargetBytes, isTerminal)}`
    const cells = [
      cell('inode', String(status.inode)),
      cell('blocks', String(Math.ceil(status.blocks / 2))),
      modeText(status.type, status.mode),
      cell('links', String(status.links)),
      owner('user', found.user, status.uid),
      owner('group', found.group, status.gid),
      size,
      recentOrOld(status.modified),
      escaped(pathBytes, isTerminal) + target,
    ]
    return rawText(`${cells.join(' ')}\n`)
  }
}

const letters: Record<string, string> = {
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  ' ': '\\ ',
  '"': '\\"',
  '\\': '\\\\',
}

/** As C writes it: blanks, quotes and control characters and bytes beyond ASCII behind a backslash; on a terminal as what can be seen. */
function escaped(bytes: ByteText, isTerminal: boolean): ByteText {
  if (isTerminal) return byteTextOf(onTerminal(bytes))
  return bytes.replace(
    /[^\x21-\x7e]|["\\]/g,
    character => letters[character] ?? `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`,
  )
}
