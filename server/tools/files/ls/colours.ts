import type { FileStatus, FileType } from '../../../linux/root/status.ts'
import type { ByteText } from '../byte-text.ts'

/** What ls(1) of coreutils has where LS_COLORS says nothing. */
const byType: Partial<Record<FileType, string>> = {
  directory: '01;34',
  link: '01;36',
  fifo: '33',
  socket: '01;35',
  block: '01;33',
  character: '01;33',
}

/** What is to be known of a thing to colour it. */
export interface Coloured {
  fileType: FileType | 'unknown'
  status: Pick<FileStatus, 'mode'> | undefined
}

function colourOf({ fileType, status }: Coloured): string | undefined {
  const mode = status?.mode ?? 0
  if (fileType === 'unknown') return undefined
  if (fileType === 'directory') return folderColour(mode)
  if (fileType !== 'file') return byType[fileType]
  if (mode & 0o4000) return '37;41'
  if (mode & 0o2000) return '30;43'
  return mode & 0o111 ? '01;32' : undefined
}

/** Sticky, or written by others. */
function folderColour(mode: number): string | undefined {
  if (mode & 0o1000 && mode & 0o002) return '30;42'
  if (mode & 0o002) return '34;42'
  return mode & 0o1000 ? '37;44' : byType.directory
}

/** No byte: stands where a colour begins, until the order of a page is known. */
const beginning = '\ue000'

/** Text with a colour, which begun() is still to see. */
export function painted(text: ByteText, thing: Coloured): ByteText {
  const colour = colourOf(thing)
  return colour === undefined ? text : `${beginning}\x1b[${colour}m${text}\x1b[0m`
}

/** Takes the marks of painted() out; `isFirst`: no colour was on before, which the first one says. */
export function begun(page: ByteText, isFirst: boolean): { text: ByteText; hasColour: boolean } {
  if (!page.includes(beginning)) return { text: page, hasColour: false }
  const marked = isFirst ? page.replace(beginning, '\x1b[0m') : page
  return { text: marked.replaceAll(beginning, ''), hasColour: true }
}
