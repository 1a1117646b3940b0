import { escaped } from '../escape.ts'
import { endsOf, queueWords, stateWord } from '../file-words.ts'
import type { FileEvent, View } from '../schema.ts'

/** ` cwd `, `  3uR`: descriptor, access and lock. A mapping of a file that can't be found any more is DEL. */
export function fdCell(file: FileEvent): string {
  return `${fdWord(file).padStart(4)}${file.access ?? ' '}${file.lock ?? ' '}`
}

export const fdWord = ({ fd, sizeBytes, links, why }: FileEvent): string =>
  fd === 'mem' && sizeBytes === null && (links === 0 || why !== undefined) ? 'DEL' : String(fd)

/** Of a socket its inode stands there, as no device means anything for it. */
export function deviceCell({ kind, device, rdev, inode }: FileEvent): string {
  if (kind === 'IPv4' || kind === 'IPv6' || kind === 'pack') return String(inode ?? '')
  if (kind === 'unix') return hiddenAddress
  return rdev ?? device ?? ''
}

/** Where the kernel keeps a socket: it tells nobody any more, and writes zeros or a hash. */
const hiddenAddress = '0x0000000000000000'

export function nodeCell({ kind, protocol, inode }: FileEvent): string {
  if (kind === 'IPv4' || kind === 'IPv6') return protocol!.toUpperCase()
  return kind === 'pack' ? (protocol ?? '') : String(inode ?? '')
}

export const hasSize = ({ sizeBytes }: FileEvent, { size }: View) => size !== 'offset' && sizeBytes !== null

/** The size, or with `0t` the offset: where a file has no size, or none is asked for. */
export function sizeCell(file: FileEvent, view: View): string {
  if (hasSize(file, view)) return String(file.sizeBytes)
  return view.size === 'size' || file.offset === null ? '' : offsetText(file.offset)
}

/** Digits after which lsof(8) turns to hexadecimal numbers. */
const decimalDigits = 8

export function offsetText(offset: number): string {
  const decimal = String(offset)
  return decimal.length > decimalDigits ? `0x${offset.toString(16)}` : `0t${decimal}`
}

/** Path, ends of a socket or the kernel's name; what a table adds behind is not there. */
export function bareName(file: FileEvent): string {
  if (file.kind === 'unix') {
    const type = `type=${(file.socketType ?? 'stream').toUpperCase()}`
    return file.localAddress ? `${escaped(file.localAddress)} ${type}` : type
  }
  if (file.localPort !== undefined) return endsOf(file)
  const name = escaped(file.path ?? namespaceName(file.name) ?? '', file.pathBase64)
  const isOpen = file.fd !== 'mem' && file.fd !== 'txt'
  return file.deleted && isOpen && file.pathBase64 === undefined ? `${name} (deleted)` : name
}

/** lsof leaves out the number, which stands under NODE. */
const namespaceName = (name: string | undefined) =>
  name?.includes('anon') ? name : name?.replace(/^(\w+):\[\d+\]$/, '$1')

export function nameCell(file: FileEvent, view: View): string {
  const name = bareName(file)
  if (file.why !== undefined && file.kind === 'unknown') return `${name} (${file.why})`
  const facts = socketFacts(file, view).join(' ')
  if (facts !== '') return `${name} (${facts})`
  return view.state && file.protocol === 'udp' && file.localPort !== undefined ? `${name} ` : name
}

function socketFacts(file: FileEvent, view: View): string[] {
  const state = view.state ? stateWord(file) : undefined
  const queues = view.queues && file.localPort !== undefined ? queueWords(file) : []
  return [...(state === undefined ? [] : [state]), ...queues]
}
