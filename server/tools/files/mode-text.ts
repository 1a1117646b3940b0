import type { FileType } from '../../linux/root/status.ts'

const typeLetters: Record<FileType, string> = {
  file: '-',
  directory: 'd',
  link: 'l',
  fifo: 'p',
  socket: 's',
  character: 'c',
  block: 'b',
}

/** `-rwxr-sr-t`, as ls(1) shows a mode of 16 bits. */
export function modeText(type: FileType, mode: number): string {
  const special = [mode & 0o4000, mode & 0o2000, mode & 0o1000]
  const triples = [6, 3, 0].map((shift, at) => {
    const bits = (mode >> shift) & 7
    const letter = at === 2 ? 't' : 's'
    const execute = special[at] ? (bits & 1 ? letter : letter.toUpperCase()) : bits & 1 ? 'x' : '-'
    return `${bits & 4 ? 'r' : '-'}${bits & 2 ? 'w' : '-'}${execute}`
  })
  return typeLetters[type] + triples.join('')
}
