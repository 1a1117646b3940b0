import { ToolError } from '../../core/errors.ts'
import type { ServiceName } from '../../linux/services.ts'
import { matchesInternet, parseInternetWord } from './internet-words.ts'
import type { NamedPath } from './named-paths.ts'
import { matchesPort, parsePortWord } from './port-words.ts'
import type { FileEvent, Input, Missing } from './schema.ts'

export type Test = (file: FileEvent) => boolean

/** One thing that was asked for. */
export interface Term {
  test: Test
  /** What it is called when nothing was found; undefined where nothing was named. */
  named?: Missing
}

/** Terms of one kind, of which one has to be true. */
export interface Group {
  terms: Term[]
  /** A process test needs no file; what isn't a socket never passes a socket's. */
  about: 'process' | 'socket' | 'file'
}

export interface NamedPaths {
  files: NamedPath[]
  directories: NamedPath[]
}

/** What words are understood by. */
export interface Known {
  uidOf(user: string): number | undefined
  services: ServiceName
}

const named = (what: Missing['what'], name: string | number, test: Test, why: string | null = null): Term => ({
  test,
  named: { what, name: String(name), why },
})

export function groupsOf(input: Input, { files, directories }: NamedPaths, known: Known): Group[] {
  return [
    ...processGroups(input, known).map((terms): Group => ({ terms, about: 'process' })),
    ...socketGroups(input, known).map((terms): Group => ({ terms, about: 'socket' })),
    ...fileGroups(input).map((terms): Group => ({ terms, about: 'file' })),
    placeGroup(input, [...files, ...directories], known),
  ]
}

/** What nothing can be both of: a file of one of these paths, or a socket with one of these ports. */
function placeGroup({ ports = [] }: Input, paths: readonly NamedPath[], { services }: Known): Group {
  const pathTerms = paths.map(({ word, matches, missing }) => named('path', word, matches, missing))
  const portTerms = ports.map(word => {
    const parsed = parsePortWord(String(word))
    return named('port', word, file => matchesPort(file, parsed, services))
  })
  return { terms: [...pathTerms, ...portTerms], about: paths.length === 0 ? 'socket' : 'file' }
}

const wanted = (words: string[] = []) => words.filter(word => !word.startsWith('^'))
const unwanted = (words: string[] = []) => words.filter(word => word.startsWith('^')).map(word => word.slice(1))

function processGroups({ pids = [], pgids = [], commands, users }: Input, { uidOf }: Known): Term[][] {
  return [
    pids.map(pid => named('process', pid, file => file.pid === pid)),
    pgids.map(pgid => named('group', pgid, file => file.pgid === pgid)),
    wanted(commands).map(word => named('command', word, commandTest(word))),
    wanted(users).map(user => {
      const uid = knownUid(user, uidOf)
      return { test: (file: FileEvent) => file.uid === uid }
    }),
  ]
}

function socketGroups({ internet = [], protocol = [] }: Input, { services }: Known): Term[][] {
  return [
    internet.map(word => {
      const parsed = parseInternetWord(word)
      const test: Test = file => matchesInternet(file, parsed, services)
      return word === 'any' ? { test } : named('socket', word, test)
    }),
    protocol.map(name => ({ test: file => file.protocol === name })),
  ]
}

function fileGroups({ fds, deleted, linksBelow = 0, writing }: Input): Term[][] {
  const isAsked = (asked: boolean, test: Test): Term[] => (asked ? [{ test }] : [])
  return [
    wanted(fds).map(word => ({ test: fdTest(word) })),
    isAsked(deleted, file => file.deleted),
    isAsked(linksBelow > 0, ({ links }) => links !== null && links < linksBelow),
    isAsked(writing, ({ access }) => access === 'w' || access === 'u'),
  ]
}

export function exclusionsOf(input: Input, { uidOf }: Known): { ofProcess: Test[]; ofFile: Test[] } {
  const uids = new Set(unwanted(input.users).map(user => knownUid(user, uidOf)))
  const pids = new Set(input.exceptPids)
  return {
    ofProcess: [({ pid }) => pids.has(pid), ({ uid }) => uids.has(uid), ...unwanted(input.commands).map(commandTest)],
    ofFile: unwanted(input.fds).map(fdTest),
  }
}

function knownUid(user: string, uidOf: Known['uidOf']): number {
  const uid = uidOf(user)
  if (uid !== undefined) return uid
  throw wrongField('users', `no user ${user} in /etc/passwd; a UID works too`)
}

/** A beginning of the name, or a regular expression between slashes, with i behind it for any case: lsof(8), option c. */
function commandTest(word: string): Test {
  const [, source, letters = ''] = /^\/(.*)\/([bix]*)$/s.exec(word) ?? []
  if (source === undefined) return ({ comm }) => comm.startsWith(word)
  try {
    const pattern = new RegExp(source, letters.includes('i') ? 'iu' : 'u')
    return ({ comm }) => pattern.test(comm)
  } catch (error) {
    throw wrongField('commands', `${word}: ${(error as Error).message}`)
  }
}

function fdTest(word: string): Test {
  if (word === 'fd') return ({ fd }) => typeof fd === 'number'
  if (word === 'mem' || word === 'cwd' || word === 'rtd' || word === 'txt') return ({ fd }) => fd === word
  const [, first, last = first] = /^(\d+)(?:-(\d+))?$/.exec(word) ?? []
  if (first === undefined)
    throw wrongField('fds', `${word} is no descriptor: give numbers, ranges like 0-9, cwd, rtd, txt, mem or fd`)
  return ({ fd }) => typeof fd === 'number' && fd >= Number(first) && fd <= Number(last)
}

const wrongField = (path: string, message: string) =>
  new ToolError('invalid_input', `${path}: ${message}`, { fields: [{ path, message }] })
