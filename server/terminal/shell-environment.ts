import { accessSync, constants, statSync } from 'node:fs'
import { userInfo } from 'node:os'

export interface ShellEnvironmentOptions {
  /** The environment the server was started with. */
  base: Record<string, string | undefined>
  /** Holds the applets; comes first on PATH. */
  appletDirectory?: string | undefined
  /** What the prompt calls this place; default: the host name, which in a pod is the pod's. */
  place?: string | undefined
  /** Name and home of the user that runs us; undefined for a UID that passwd(5) doesn't know. Default: the system's answer. */
  user?: { username: string; homedir: string } | undefined
}

const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** Ours alone, or of the terminal we were started from; npm leaves dozens of `npm_…` as well. */
const notInherited =
  /^(DITTY_TOKEN|NODE_.*|npm_.*|INIT_CWD|TMUX|TMUX_PANE|STY|WINDOW|WINDOWID|TERMCAP|COLUMNS|LINES|OLDPWD|_)$/

/** What every program on a terminal of ditty's, and every command of `exec`, finds as its environment. TZ, TZDIR, TERMINFO and all else stay. */
export function shellEnvironment(options: ShellEnvironmentOptions): Record<string, string> {
  const { base, appletDirectory, place } = options
  const user = 'user' in options ? options.user : currentUser()
  const name = user?.username ?? String(process.getuid?.() ?? '')
  const home = findHome(base, user?.homedir)
  return {
    ...inherited(base),
    ...utf8Locale(base),
    TERM: 'xterm-256color',
    COLORTERM: 'truecolor',
    USER: name,
    LOGNAME: name,
    HOME: home.path,
    // Set but empty, bash and ash keep their history in memory alone.
    ...(home.isWritable && home.isOwn ? {} : { HISTFILE: '' }),
    PATH: [appletDirectory, base.PATH || defaultPath].filter(Boolean).join(':'),
    ...(place === undefined ? {} : { DITTY_PLACE: place }),
  }
}

function currentUser() {
  try {
    return userInfo()
  } catch {
    return undefined
  }
}

function inherited(base: Record<string, string | undefined>): Record<string, string> {
  const kept = Object.entries(base).filter(([name, value]) => value !== undefined && !notInherited.test(name))
  return Object.fromEntries(kept) as Record<string, string>
}

/** A UTF-8 locale is kept as it is; any other would break Chinese and emoji on the command line. C.UTF-8 is nearly everywhere. */
function utf8Locale({ LC_ALL, LC_CTYPE, LANG }: Record<string, string | undefined>): Record<string, string> {
  const effective = LC_ALL || LC_CTYPE || LANG || ''
  if (/utf-?8/i.test(effective)) return {}
  if (LC_ALL) return { LC_ALL: 'C.UTF-8' }
  return LC_CTYPE ? { LC_CTYPE: 'C.UTF-8' } : { LANG: 'C.UTF-8' }
}

interface Home {
  path: string
  isWritable: boolean
  /** The user's, not a place that others write to as well. */
  isOwn: boolean
}

/** The user's home where it can be written; else a place that can; else any of them that is there. */
function findHome(base: Record<string, string | undefined>, homedir: string | undefined): Home {
  const own = [base.HOME, homedir].filter(path => path?.startsWith('/')) as string[]
  const shared = [base.TMPDIR, '/tmp', '/dev/shm'].filter(path => path?.startsWith('/')) as string[]
  const there = [...own, ...shared].filter(isDirectory)
  const path = there.find(isWritable) ?? there[0] ?? '/'
  return { path, isWritable: isWritable(path), isOwn: own.includes(path) }
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK | constants.X_OK)
    return true
  } catch {
    return false
  }
}
