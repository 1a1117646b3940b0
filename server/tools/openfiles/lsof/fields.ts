import type { Chunk } from '../../../core/tool.ts'
import { escaped } from '../escape.ts'
import { queueWords, stateWord } from '../file-words.ts'
import type { FileEvent, View } from '../schema.ts'
import { bareName, deviceCell, fdWord, hasSize, offsetText } from './cells.ts'

/** What lsof -F can write here. `0` ends fields with NUL, and each process and file with a newline. */
export const fieldLetters = 'pgRcuLfaltGDrdsoikPnT0'

type Field = (file: FileEvent, view: View) => string | string[] | null | undefined

const ofProcess: Record<string, Field> = {
  p: ({ pid }) => String(pid),
  g: ({ pgid }) => String(pgid),
  R: ({ ppid }) => String(ppid),
  c: ({ comm }) => escaped(comm),
  u: ({ uid }) => String(uid),
  L: ({ user }) => escaped(user),
}

const hasDevice = ({ kind }: FileEvent) =>
  !['IPv4', 'IPv6', 'unix', 'pack', 'netlink', 'raw', 'raw6', 'sock'].includes(kind)

const ofFile: Record<string, Field> = {
  f: fdWord,
  a: ({ access }) => access ?? ' ',
  l: ({ lock }) => lock ?? ' ',
  t: ({ kind }) => kind,
  G: ({ flags }) => (flags === undefined ? null : `0x${flags.toString(16)};0x0`),
  D: file => (hasDevice(file) || file.kind === 'sock' ? deviceNumber(file.device) : null),
  r: ({ rdev }) => deviceNumber(rdev ?? null),
  d: file => (['IPv4', 'IPv6', 'pack', 'unix'].includes(file.kind) ? deviceCell(file) : null),
  s: (file, view) => (hasSize(file, view) ? String(file.sizeBytes) : null),
  o: (file, view) =>
    hasSize(file, view) || file.offset === null || view.size === 'size' ? null : offsetText(file.offset),
  i: ({ kind, inode }) =>
    kind === 'IPv4' || kind === 'IPv6' || kind === 'pack' || inode === null ? null : String(inode),
  k: ({ links }) => (links === null ? null : String(links)),
  P: ({ kind, protocol }) => (kind === 'IPv4' || kind === 'IPv6' || kind === 'pack' ? protocol?.toUpperCase() : null),
  n: bareName,
  T: socketFacts,
}

function socketFacts(file: FileEvent): string[] {
  const state = stateWord(file)
  const queues = file.localPort === undefined ? [] : queueWords(file)
  return [...(state === undefined ? [] : [`ST=${state}`]), ...queues]
}

/** `254,0` as the kernel packs it: new_encode_dev(), include/linux/kdev_t.h. */
function deviceNumber(device: string | null): string | null {
  if (device === null) return null
  const [major = 0, minor = 0] = device.split(',').map(Number)
  return `0x${((minor & 0xff) | (major << 8) | ((minor & ~0xff) << 12)).toString(16)}`
}

/** A line for each field, first a letter; those of the process come once before its files. */
export class LsofFields {
  readonly #view: View
  readonly #letters: Set<string>
  readonly #end: string
  #lastPid: number | undefined

  constructor(view: View) {
    this.#view = view
    const asked = view.fields ?? ''
    this.#letters = new Set(asked.replace('0', '') === '' ? fieldLetters.replace('r', '') : `p${asked}`)
    this.#end = asked.includes('0') ? '\0' : '\n'
  }

  of(file: FileEvent): Chunk {
    const process = file.pid === this.#lastPid ? '' : this.#set(ofProcess, file)
    this.#lastPid = file.pid
    return process + this.#set(ofFile, file)
  }

  #set(fields: Record<string, Field>, file: FileEvent): string {
    let text = ''
    for (const [letter, field] of Object.entries(fields)) {
      if (!this.#letters.has(letter)) continue
      for (const value of [field(file, this.#view)].flat())
        if (value !== null && value !== undefined) text += letter + value + this.#end
    }
    return this.#end === '\0' && text !== '' ? `${text}\n` : text
  }
}
