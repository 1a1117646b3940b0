import type { Moment } from '../../../linux/root/status.ts'
import { type ByteText, byteTextOf } from '../byte-text.ts'
import { byteCells } from '../cells.ts'
import type { Found } from '../found.ts'
import { modeText } from '../mode-text.ts'
import { isRecent } from '../recent.ts'
import type { FilesInput, FilesView } from '../schema.ts'
import { localTime, strftime } from '../strftime.ts'

/** How sizes and times are written. */
export interface LongStyle {
  view: FilesView
  time: FilesInput['time']
  sizeText(bytes: number): string
  /** Milliseconds since 1970. */
  now: number
}

/** A number stands to the right. */
interface Owner {
  text: ByteText
  isNumber: boolean
}

interface Row {
  mode: string
  links: string
  owner: Owner
  group: Owner
  size: string
  device: { major: string; minor: string } | undefined
  when: string
}

const timeFormats: Record<string, [recent: string, old: string]> = {
  locale: ['%b %e %H:%M', '%b %e  %Y'],
  iso: ['%m-%d %H:%M', '%Y-%m-%d '],
  'long-iso': ['%Y-%m-%d %H:%M', '%Y-%m-%d %H:%M'],
  'full-iso': ['%Y-%m-%d %H:%M:%S.%N %z', '%Y-%m-%d %H:%M:%S.%N %z'],
}

export const timeStyles = Object.keys(timeFormats)

/** Two lines of a `+FORMAT` are one for old and one for recent times. */
export function timeText(moment: Moment, style: string, now: number): string {
  const [first = '', second = first] = style.startsWith('+') ? style.slice(1).split('\n') : []
  const [recent, old] = timeFormats[style] ?? [second, first]
  return strftime(isRecent(moment, now) ? recent : old, localTime(moment))
}

/** How wide a time is, where there is none to measure. */
const expectedWidth = (style: string): number => timeText({ seconds: 0, nanoseconds: 0 }, style, Date.now()).length

/** All that stands before the name in a long listing, in columns over all of them. */
export function longCells(all: readonly Found[], style: LongStyle): ByteText[] {
  const rows = all.map(found => rowOf(found, style))
  const widest = (of: (row: Row) => ByteText) => rows.reduce((most, row) => Math.max(most, byteCells(of(row))), 0)
  const { ownerColumn, groupColumn } = style.view
  const links = widest(row => row.links)
  const owner = widest(row => row.owner.text)
  const group = widest(row => row.group.text)
  const when = expectedWidth(style.view.timeStyle)
  const major = widest(row => row.device?.major ?? '')
  const minor = widest(row => row.device?.minor ?? '')
  const size = Math.max(
    widest(row => row.size),
    major > 0 ? major + 2 + minor : 0,
  )
  return rows.map(row =>
    [
      row.mode,
      row.links.padStart(links),
      ...(ownerColumn ? [padded(row.owner, owner)] : []),
      ...(groupColumn ? [padded(row.group, group)] : []),
      row.device
        ? `${row.device.major.padStart(size - 2 - minor)}, ${row.device.minor.padStart(minor)}`
        : row.size.padStart(size),
      row.when === '?' ? row.when.padStart(when) : row.when,
    ].join(' '),
  )
}

function padded({ text, isNumber }: Owner, cells: number): ByteText {
  const blanks = ' '.repeat(Math.max(0, cells - byteCells(text)))
  return isNumber ? blanks + text : text + blanks
}

const hidden: Owner = { text: '?', isNumber: false }

const ownerOf = (name: string | null, id: number): Owner =>
  name === null ? { text: String(id), isNumber: true } : { text: byteTextOf(name), isNumber: false }

function rowOf(found: Found, { view, time, sizeText, now }: LongStyle): Row {
  const { status, fileType } = found
  if (!status) {
    const letter = fileType === 'unknown' ? '?' : modeText(fileType, 0).slice(0, 1)
    return {
      mode: `${letter}?????????`,
      links: '?',
      owner: hidden,
      group: hidden,
      size: '?',
      device: undefined,
      when: '?',
    }
  }
  const isDevice = status.type === 'character' || status.type === 'block'
  const moment = status[time]
  return {
    mode: modeText(status.type, status.mode),
    links: String(status.links),
    owner: ownerOf(view.numericIds ? null : found.user, status.uid),
    group: ownerOf(view.numericIds ? null : found.group, status.gid),
    size: isDevice ? '' : sizeText(status.size),
    device: isDevice ? { major: String(status.special.major), minor: String(status.special.minor) } : undefined,
    when: moment ? timeText(moment, view.timeStyle, now) : '?',
  }
}
