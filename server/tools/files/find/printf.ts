import { ToolError } from '../../../core/errors.ts'
import type { FileStatus, FileType, Moment } from '../../../linux/root/status.ts'
import { type ByteText, baseName, byteTextOf } from '../byte-text.ts'
import { deviceNumber } from '../device-number.ts'
import type { Found } from '../found.ts'
import { modeText } from '../mode-text.ts'
import { digitsCell, signOf, textCell } from '../printf-cell.ts'
import { localTime, strftime } from '../strftime.ts'
import type { Needs } from '../walk.ts'

interface Printf {
  needs: Partial<Needs>
  text(found: Found): ByteText
}

type Part = (found: Found) => ByteText

/** A format of find's `-printf`. Throws ToolError `invalid_input` for a directive that isn't known. */
export function parsePrintf(format: string): Printf {
  const needs: Partial<Needs> = {}
  const parts: Part[] = []
  const pattern = /\\(c|[0-7]{1,3}|.)|%([-+ #0]*)(\d*)(?:\.(\d+))?([ABCT]?.)|[^\\%]+|[\\%]/gsu
  for (const [whole, escapeLetters, flags = '', width = '', precision, letters] of format.matchAll(pattern)) {
    if (escapeLetters === 'c') break
    if (escapeLetters !== undefined) parts.push(constant(escaped(escapeLetters, whole)))
    else if (letters !== undefined) {
      const { need, value } = directive(letters)
      Object.assign(needs, need)
      parts.push(padded(value, flags, Number(width), precision === undefined ? undefined : Number(precision)))
    } else if (whole === '%') throw wrong('there is a % at its end')
    else parts.push(constant(byteTextOf(whole)))
  }
  return { needs, text: found => parts.map(part => part(found)).join('') }
}

const wrong = (message: string) => new ToolError('invalid_input', `expression: -printf: ${message}`)

const constant =
  (text: ByteText): Part =>
  () =>
    text

const escapes: Record<string, string> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
}

function escaped(letters: string, whole: string): ByteText {
  if (/^[0-7]/.test(letters)) return String.fromCharCode(Number.parseInt(letters, 8) & 0xff)
  const known = escapes[letters]
  if (known === undefined) throw wrong(`there is no escape ${whole}`)
  return known
}

/** Texts are cut by a precision, numbers filled up by it; a zero fills numbers up to the width. */
function padded(value: (found: Found) => ByteText | number, flags: string, width: number, precision?: number): Part {
  const spec = { flags, width, precision }
  const plus = signOf(flags)
  return found => {
    const raw = value(found)
    if (typeof raw === 'number') return digitsCell(String(raw), spec, plus)
    return textCell(flags.includes('#') ? withOctalMark(raw) : raw, spec)
  }
}

const withOctalMark = (text: string) => (/^[1-7][0-7]*$/.test(text) ? `0${text}` : text)

interface Directive {
  need?: Partial<Needs>
  value(found: Found): ByteText | number
}

const status = { status: true }

const ofStatus = (of: (status: FileStatus, found: Found) => ByteText | number): Directive => ({
  need: status,
  value: found => (found.status ? of(found.status, found) : ''),
})

const letterOf: Record<FileType | 'unknown', string> = {
  file: 'f',
  directory: 'd',
  link: 'l',
  fifo: 'p',
  socket: 's',
  character: 'c',
  block: 'b',
  unknown: 'U',
}

const directives: Record<string, Directive> = {
  '%': { value: () => '%' },
  p: { value: ({ pathBytes }) => pathBytes },
  f: { value: ({ pathBytes }) => baseName(pathBytes) },
  h: { value: ({ pathBytes }) => folderOf(pathBytes) },
  P: { value: belowStart },
  H: { value: ({ startBytes }) => startBytes },
  d: { value: ({ depth }) => depth },
  y: { value: ({ fileType }) => letterOf[fileType] },
  Y: {
    need: { linkType: true },
    value: ({ fileType, linkStatus, isCircle }) =>
      fileType !== 'link' ? letterOf[fileType] : linkStatus ? letterOf[linkStatus.type] : isCircle ? 'L' : 'N',
  },
  l: { need: { target: true }, value: ({ linkTargetBytes = '' }) => linkTargetBytes },
  s: ofStatus(({ size }) => String(size)),
  b: ofStatus(({ blocks }) => String(blocks)),
  k: ofStatus(({ blocks }) => String(Math.ceil(blocks / 2))),
  S: ofStatus(({ size, blocks }) =>
    size === 0 ? (blocks === 0 ? '1' : 'inf') : String(Number(((512 * blocks) / size).toPrecision(6))),
  ),
  m: ofStatus(({ mode }) => (mode & 0o7777).toString(8)),
  M: ofStatus(({ mode, type }) => modeText(type, mode)),
  n: ofStatus(({ links }) => links),
  i: ofStatus(({ inode }) => String(inode)),
  D: ofStatus(({ device }) => String(deviceNumber(device))),
  U: ofStatus(({ uid }) => String(uid)),
  G: ofStatus(({ gid }) => String(gid)),
  u: ofStatus(({ uid }, { user }) => byteTextOf(user ?? String(uid))),
  g: ofStatus(({ gid }, { group }) => byteTextOf(group ?? String(gid))),
  F: ofStatus((_status, { fsType }) => fsType ?? 'unknown'),
  a: time('accessed', 'ctime'),
  c: time('changed', 'ctime'),
  t: time('modified', 'ctime'),
}

const timeOf = { A: 'accessed', B: 'born', C: 'changed', T: 'modified' } as const

function directive(letters: string): Directive {
  const [letter = '', sub] = [...letters]
  const which = timeOf[letter as keyof typeof timeOf]
  if (which && sub === undefined) throw wrong(`%${letter} needs a letter behind it, as in %${letter}+`)
  const known = which ? time(which, sub!) : sub === undefined ? directives[letter] : undefined
  if (!known) throw wrong(`there is no directive %${letters}`)
  return known
}

function folderOf(path: ByteText): ByteText {
  if (path === '/') return ''
  const slash = path.replace(/\/+$/, '').lastIndexOf('/')
  return slash < 0 ? '.' : path.slice(0, slash)
}

function belowStart({ pathBytes, startBytes, depth }: Found): ByteText {
  return depth === 0 ? '' : pathBytes.slice(startBytes.length).replace(/^\//, '')
}

/** Seconds come with ten digits of a fraction, but in the forms of the locale. `ctime` is that of asctime(3). */
function time(which: (typeof timeOf)[keyof typeof timeOf], letter: string): Directive {
  return ofStatus(status => {
    const moment: Moment | undefined = status[which]
    return moment ? timeText(moment, letter) : ''
  })
}

function timeText(moment: Moment, letter: string): string {
  const fraction = `.${String(moment.nanoseconds).padStart(9, '0')}0`
  if (letter === '@') return `${moment.seconds}${fraction}`
  const local = localTime(moment)
  switch (letter) {
    case '+':
      return `${strftime('%F+%T', local)}${fraction}`
    case 'ctime':
      return strftime(`%a %b %e %T${fraction} %Y`, local)
    case 'S':
    case 'T':
    case 'X':
      return `${strftime(`%${letter}`, local)}${fraction}`
    default:
      return strftime(`%${letter}`, local)
  }
}
