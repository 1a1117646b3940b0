import type { FileStatus, FileType, Moment } from '../../../linux/root/status.ts'
import { type ByteText, byteTextOf } from '../byte-text.ts'
import { deviceNumber } from '../device-number.ts'
import type { Found } from '../found.ts'
import { modeText } from '../mode-text.ts'
import { quoted } from '../quoting.ts'
import { localTime, strftime } from '../strftime.ts'
import { decimal, epochCell, hexadecimal, octal, signed, text } from './cells.ts'
import type { Directive, Directives } from './template.ts'

/** A thing whose status is known. */
export type Known = Found & { status: FileStatus }

const kinds: Record<FileType, string> = {
  file: 'regular file',
  directory: 'directory',
  link: 'symbolic link',
  fifo: 'fifo',
  socket: 'socket',
  character: 'character special file',
  block: 'block special file',
}

const kindOf = ({ type, size }: FileStatus) => (type === 'file' && size === 0 ? 'regular empty file' : kinds[type])

const timeText = (moment: Moment | undefined): string =>
  moment ? strftime('%Y-%m-%d %H:%M:%S.%N %z', localTime(moment)) : '-'

const time = (which: 'born' | 'accessed' | 'modified' | 'changed'): Directive<Known> =>
  text(({ status }) => timeText(status[which]))

const epoch =
  (which: 'born' | 'accessed' | 'modified' | 'changed'): Directive<Known> =>
  ({ status }, spec) =>
    epochCell(status[which] ?? { seconds: 0, nanoseconds: 0 }, spec)

const owner = (name: string | null): ByteText => (name === null ? 'UNKNOWN' : byteTextOf(name))

/** A name, and where a link says that it leads, each of them a cell. */
const named =
  (written: (name: ByteText) => ByteText): Directive<Known> =>
  ({ pathBytes, linkTargetBytes, fileType }, spec) => {
    const name = text(() => written(pathBytes))(undefined, spec)
    if (fileType !== 'link' || linkTargetBytes === undefined) return name
    return `${name} -> ${text(() => written(linkTargetBytes))(undefined, spec)}`
  }

/**
 * Each letter of stat(1) for a file; `plain`: how a name is written that stands in no quotes. coreutils has quotes for a format
 * with a bare %N in it, and none for %20N.
 */
export const fileDirectives = (plain: (name: ByteText) => ByteText, template = ''): Directives<Known> => ({
  a: octal(({ status }) => status.mode & 0o7777),
  A: text(({ status }) => modeText(status.type, status.mode)),
  b: decimal(({ status }) => status.blocks),
  B: decimal(() => 512),
  d: decimal(({ status }) => deviceNumber(status.device)),
  D: hexadecimal(({ status }) => deviceNumber(status.device)),
  Hd: decimal(({ status }) => status.device.major),
  Ld: decimal(({ status }) => status.device.minor),
  f: hexadecimal(({ status }) => status.mode),
  F: text(({ status }) => kindOf(status)),
  g: decimal(({ status }) => status.gid),
  G: text(({ group }) => owner(group)),
  h: decimal(({ status }) => status.links),
  i: decimal(({ status }) => status.inode),
  m: text(({ mountPoint }) => (mountPoint === null ? '?' : byteTextOf(mountPoint))),
  n: text(({ pathBytes }) => plain(pathBytes)),
  N: named(template.includes('%N') ? name => quoted(name, 'shell-escape-always') : plain),
  o: decimal(({ status }) => status.blockSize),
  r: decimal(({ status }) => deviceNumber(status.special)),
  R: hexadecimal(({ status }) => deviceNumber(status.special)),
  Hr: decimal(({ status }) => status.special.major),
  Lr: decimal(({ status }) => status.special.minor),
  s: signed(({ status }) => status.size),
  t: hexadecimal(({ status }) => status.special.major),
  T: hexadecimal(({ status }) => status.special.minor),
  u: decimal(({ status }) => status.uid),
  U: text(({ user }) => owner(user)),
  w: time('born'),
  W: epoch('born'),
  x: time('accessed'),
  X: epoch('accessed'),
  y: time('modified'),
  Y: epoch('modified'),
  z: time('changed'),
  Z: epoch('changed'),
})

export const isDevice = ({ status: { type } }: Known) => type === 'character' || type === 'block'

/** What stat(1) shows of a file where no format is given; its name is in no quotes there. */
export const usualFile = (ofDevice: boolean): string =>
  `  File: %N
  Size: %-10s\tBlocks: %-10b IO Block: %-6o %F
Device: %Hd,%Ld\tInode: %-10i  Links: ${ofDevice ? '%-5h Device type: %Hr,%Lr' : '%h'}
Access: (%04a/%10.10A)  Uid: (%5u/%8U)   Gid: (%5g/%8G)
Access: %x
Modify: %y
Change: %z
 Birth: %w
`

export const terseFile = '%n %s %b %f %u %g %D %i %h %t %T %X %Y %Z %W %o\n'
