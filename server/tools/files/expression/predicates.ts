import { ToolError } from '../../../core/errors.ts'
import type { FileStatus, FileType, Moment } from '../../../linux/root/status.ts'
import type { Found } from '../found.ts'
import type { Needs } from '../walk.ts'
import { type Amount, compareMoments, fits, isAgo, momentOf, parseAmount, wrong } from './compare.ts'
import type { Make, Place, Test } from './expression.ts'
import { globMatcher, type Matcher } from './glob.ts'
import { parseMode } from './mode.ts'
import { regexMatcher } from './regex.ts'

/** What stands before a test in the expression and changes what it means. */
export interface Mood {
  /** Days end at midnight. */
  dayStart: boolean
  regexType: string
}

/** One test of find(1). */
export interface Predicate {
  /** Whether a word follows it. */
  takesWord: boolean
  needs?: Partial<Needs>
  /** Throws ToolError `invalid_input`. */
  make(word: string, mood: Mood, name: string): Make
}

const dayS = 86_400
const status = { status: true }

/** Of what the kernel tells by status alone. */
const ofStatus = (is: (status: FileStatus, found: Found) => boolean): Make => {
  const test: Test = (found, look) => {
    const status = look.status(found)
    return status !== undefined && is(status, found)
  }
  return () => test
}

const ofName = (ignoreCase: boolean): Predicate => ({
  takesWord: true,
  make: word => byMatcher(globMatcher(word, ignoreCase), found => found.nameBytes),
})

const ofPath = (ignoreCase: boolean): Predicate => ({
  takesWord: true,
  make: word => byMatcher(globMatcher(word, ignoreCase), found => found.pathBytes),
})

const ofRegex = (ignoreCase: boolean): Predicate => ({
  takesWord: true,
  make: (word, { regexType }) => byMatcher(regexMatcher(word, regexType, ignoreCase), found => found.pathBytes),
})

const ofTarget = (ignoreCase: boolean): Predicate => ({
  takesWord: true,
  needs: { target: true },
  make: word => {
    const matches = globMatcher(word, ignoreCase)
    return () => (found, look) => {
      const target = look.target(found)
      return target !== undefined && matches(target)
    }
  },
})

function byMatcher(matches: Matcher, textOf: (found: Found) => string): Make {
  const test: Test = found => matches(textOf(found))
  return () => test
}

type Which = 'accessed' | 'modified' | 'changed' | 'born'

const momentFrom = (status: FileStatus, which: Which): Moment | undefined => status[which]

/** `-mtime`, `-amin`, … */
const ago = (which: Which, unitSeconds: number): Predicate => ({
  takesWord: true,
  needs: status,
  make(word, { dayStart }, name) {
    const amount = parseAmount(name, word, /^\d+(\.\d*)?$|^\.\d+$/)
    return place => {
      const now = dayStart ? endOfDay(place.now) : place.now
      return ofStatus(status => {
        const moment = momentFrom(status, which)
        return moment !== undefined && isAgo(moment, amount, now, unitSeconds, unitSeconds === dayS)
      })(place)
    }
  },
})

function endOfDay(now: number): number {
  const date = new Date(now)
  date.setHours(0, 0, 0, 0)
  date.setDate(date.getDate() + 1)
  return date.getTime()
}

const byLetter: Record<string, Which> = { a: 'accessed', m: 'modified', c: 'changed', B: 'born' }

/** `-newerXY`: X of what is found after Y of what is named. */
const newer = (mine: string, theirs: string): Predicate => ({
  takesWord: true,
  needs: status,
  make(word, _mood, name) {
    const given = theirs === 't' ? parseDate(name, word) : undefined
    return async place => {
      const reference = given?.(place.now) ?? momentFrom(await place.statusOf(word), byLetter[theirs]!)
      return ofStatus(status => {
        const moment = momentFrom(status, byLetter[mine]!)
        return moment !== undefined && reference !== undefined && compareMoments(moment, reference) > 0
      })(place)
    }
  },
})

const unitMs: Record<string, number> = { second: 1e3, minute: 6e4, hour: 36e5, day: 864e5, week: 6048e5 }

/** A few of the forms of date(1): ISO 8601, `@seconds`, `now`, `yesterday`, `3 days ago`. */
function parseDate(name: string, word: string): (now: number) => Moment {
  const seconds = /^@(-?\d+(?:\.\d+)?)$/.exec(word)?.[1]
  if (seconds !== undefined) return () => momentOf(Number(seconds) * 1000)
  const [, count = '1', unit = ''] =
    /^(?:(\d+) )?(second|minute|hour|day|week)s? ago$/.exec(word === 'yesterday' ? '1 day ago' : word) ?? []
  const unitSize = unitMs[unit]
  if (unitSize !== undefined) return now => momentOf(now - Number(count) * unitSize)
  if (word === 'now') return now => momentOf(now)
  // A date alone is midnight here, not in Greenwich.
  const ms = Date.parse(/^\d{4}-\d\d-\d\d$/.test(word) ? `${word}T00:00:00` : word.replace(' ', 'T'))
  if (Number.isNaN(ms)) throw wrong(name, word, "a date: 2026-01-31, 2026-01-31 12:00, @seconds, '3 days ago'")
  return () => momentOf(ms)
}

const count = (of: (status: FileStatus) => number): Predicate => ({
  takesWord: true,
  needs: status,
  make(word, _mood, name) {
    const amount = parseAmount(name, word)
    return ofStatus(status => fits(amount, of(status)))
  },
})

const sizeUnits: Record<string, number> = { '': 512, b: 512, c: 1, w: 2, k: 1024, M: 1024 ** 2, G: 1024 ** 3 }

const size: Predicate = {
  takesWord: true,
  needs: status,
  make(word, _mood, name) {
    const [, digits = '', unit = ''] = /^([-+]?\d+)([bcwkMG]?)$/.exec(word) ?? []
    if (digits === '') throw wrong(name, word, 'a size: 10M, +10M, -4k (c w b k M G)')
    const amount = parseAmount(name, digits)
    return ofStatus(status => fits(amount, Math.ceil(status.size / sizeUnits[unit]!)))
  },
}

const typeLetters: Record<string, FileType> = {
  f: 'file',
  d: 'directory',
  l: 'link',
  p: 'fifo',
  s: 'socket',
  b: 'block',
  c: 'character',
}

function parseTypes(name: string, word: string): ReadonlySet<string> {
  const letters = word.split(',')
  const known = letters.flatMap(letter => typeLetters[letter] ?? [])
  if (known.length !== letters.length) throw wrong(name, word, 'letters of f d l p s b c, with commas between')
  return new Set(known)
}

const type: Predicate = {
  takesWord: true,
  make(word, _mood, name) {
    const types = parseTypes(name, word)
    const test: Test = found => types.has(found.fileType)
    return () => test
  },
}

/** Of what a link leads to; one that leads nowhere is a link. */
const xtype: Predicate = {
  takesWord: true,
  needs: { linkType: true },
  make(word, _mood, name) {
    const types = parseTypes(name, word)
    const test: Test = found => types.has(found.linkStatus?.type ?? found.fileType)
    return () => test
  },
}

const perm: Predicate = {
  takesWord: true,
  needs: status,
  make(word) {
    const sign = /^[-/]/.exec(word)?.[0]
    const mode = parseMode(sign ? word.slice(1) : word)
    if (sign === '-') return ofStatus(status => (status.mode & mode) === mode)
    if (sign === '/') return ofStatus(status => mode === 0 || (status.mode & mode) !== 0)
    return ofStatus(status => (status.mode & 0o7777) === mode)
  },
}

/** By a name that the target knows, or a number. */
const owner = (field: 'uid' | 'gid'): Predicate => ({
  takesWord: true,
  needs: status,
  make: (word, _mood, name) => place => {
    const known = field === 'uid' ? place.userId(word) : place.groupId(word)
    const id = known ?? (/^\d+$/.test(word) ? Number(word) : undefined)
    if (id === undefined) {
      const file = field === 'uid' ? '/etc/passwd' : '/etc/group'
      throw new ToolError('invalid_input', `expression: ${name}: '${word}' is no name in ${file} there, and no number`)
    }
    return ofStatus(status => status[field] === id)(place)
  },
})

const unknown = (is: (place: Place, status: FileStatus) => boolean): Predicate => ({
  takesWord: false,
  needs: status,
  make: () => place => ofStatus(status => is(place, status))(place),
})

const empty: Predicate = {
  takesWord: false,
  needs: { status: true, emptiness: true },
  make: () =>
    ofStatus((status, found) =>
      found.isFolder ? found.isEmpty === true : status.type === 'file' && status.size === 0,
    ),
}

const inode: Predicate = {
  takesWord: true,
  needs: status,
  make(word, _mood, name) {
    const amount: Amount = parseAmount(name, word)
    return ofStatus(status => fits(amount, Number(status.inode)))
  },
}

const samefile: Predicate = {
  takesWord: true,
  needs: status,
  make: word => async place => {
    const other = await place.statusOf(word)
    return ofStatus(status => status.isSame(other))(place)
  },
}

const fstype: Predicate = {
  takesWord: true,
  needs: status,
  make: word => ofStatus((_status, found) => found.fsType === word),
}

const constant = (value: boolean): Predicate => ({ takesWord: false, make: () => () => () => value })

const newerPairs = ['a', 'm', 'c', 'B'].flatMap(mine =>
  ['a', 'm', 'c', 'B', 't'].map(theirs => [`-newer${mine}${theirs}`, newer(mine, theirs)] as const),
)

export const predicates: ReadonlyMap<string, Predicate> = new Map<string, Predicate>([
  ['-name', ofName(false)],
  ['-iname', ofName(true)],
  ['-path', ofPath(false)],
  ['-wholename', ofPath(false)],
  ['-ipath', ofPath(true)],
  ['-iwholename', ofPath(true)],
  ['-regex', ofRegex(false)],
  ['-iregex', ofRegex(true)],
  ['-lname', ofTarget(false)],
  ['-ilname', ofTarget(true)],
  ['-type', type],
  ['-xtype', xtype],
  ['-size', size],
  ['-atime', ago('accessed', dayS)],
  ['-mtime', ago('modified', dayS)],
  ['-ctime', ago('changed', dayS)],
  ['-amin', ago('accessed', 60)],
  ['-mmin', ago('modified', 60)],
  ['-cmin', ago('changed', 60)],
  ['-newer', newer('m', 'm')],
  ['-anewer', newer('a', 'm')],
  ['-cnewer', newer('c', 'm')],
  ...newerPairs,
  ['-user', owner('uid')],
  ['-group', owner('gid')],
  ['-uid', count(({ uid }) => uid)],
  ['-gid', count(({ gid }) => gid)],
  ['-nouser', unknown((place, { uid }) => !place.hasUser(uid))],
  ['-nogroup', unknown((place, { gid }) => !place.hasGroup(gid))],
  ['-perm', perm],
  ['-empty', empty],
  ['-links', count(({ links }) => links)],
  ['-inum', inode],
  ['-samefile', samefile],
  ['-fstype', fstype],
  ['-true', constant(true)],
  ['-false', constant(false)],
])
