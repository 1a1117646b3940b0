/** Where ditty's own root shows from inside another: descriptor 200 is open in all that `enter` starts (scripts/enter.c). */
const home = '/proc/self/fd/200'

export const homeBash = `${home}/bin/bash`
export const homeRc = `${home}/ditty/rc/bashrc`

const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** Orders to Node and to the loader, which ditty's words would follow too; and what is ours alone. */
const notTaken = /^(NODE_.*|LD_.*|GCONV_PATH|DITTY_.*|OLDPWD|PWD|_)$/

export interface Surroundings {
  /** What ditty's own programs find outside. */
  own: Record<string, string>
  /** That of the target's first process; empty where it can't be read. */
  target: Record<string, string>
  /** Its variables are taken, not ours. */
  takesTarget: boolean
  /** What the prompt calls it. */
  place: string
  /** HOME where the target's environment isn't taken or doesn't tell. */
  homeDirectory: string
}

/** The environment of a shell inside the target. On PATH ditty's words come first, then its own, then those that both lack. */
export function surroundings({ own, target, takesTarget, place, homeDirectory }: Surroundings): Record<string, string> {
  const taken = Object.fromEntries(Object.entries(target).filter(([name]) => !notTaken.test(name)))
  return {
    ...(takesTarget ? { HOME: homeDirectory, ...taken, ...ofTerminal(own) } : { ...own, HOME: homeDirectory }),
    PATH: `${home}/ditty/bin:${target.PATH || defaultPath}:${home}/bin`,
    LOCPATH: `${home}/usr/lib/locale`,
    TERMINFO: `${home}/usr/share/terminfo`,
    DITTY_PLACE: place,
    // Nothing is written into the target, a history neither.
    HISTFILE: '',
  }
}

/** What is true of the person's terminal, wherever the shell runs. */
function ofTerminal(own: Record<string, string>): Record<string, string> {
  const names = ['TERM', 'COLORTERM', 'LANG', 'LC_ALL', 'LC_CTYPE', 'DITTY_TERMINAL']
  return Object.fromEntries(names.flatMap(name => (own[name] === undefined ? [] : [[name, own[name]]])))
}

/** `NAME=value` as in /proc/PID/environ. */
export function variablesOf(words: readonly string[]): Record<string, string> {
  const pairs = words.map(word => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)] as const)
  return Object.fromEntries(pairs.filter(([name]) => name !== ''))
}
