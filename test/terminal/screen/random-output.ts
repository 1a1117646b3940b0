/** Numbers that look random and are the same in each run (mulberry32). */
export function randomFrom(seed: number) {
  let state = seed
  return (below: number): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

export type Random = ReturnType<typeof randomFrom>

const words = ['plain', 'text', '中文', '漢字です', '한국어', 'é', 'x', '   ', '─│┌', '°']
const clusters = ['e\u0301', '👩‍👩‍👧', '🇩🇪', '❤️', 'क्षि']

/** What lines are made of. Clusters are left out where the width changes: a reflow of xterm.js puts some into cells of another width. */
export interface Kind {
  colours: boolean
  clusters: boolean
}
const colours = [
  '\x1b[m',
  '\x1b[0m',
  '\x1b[31m',
  '\x1b[1;38;5;99m',
  '\x1b[48;2;1;2;3m',
  '\x1b[4:3;58:5:3m',
  '\x1b[0;7m',
  '\x1b[39;49m',
]
const pick = <Item>(random: Random, items: readonly Item[]): Item => items[random(items.length)]!

/** A line of text as programs print it: of any length, now and then in colour, with tabs, bells, backspaces, bare CR or LF. */
export function randomLine(random: Random, kind: Kind): string {
  const own = kind.clusters ? [...words, ...clusters] : words
  let line = ''
  for (let count = random(20); count >= 0; count--) {
    line += pick(random, own) + (random(3) === 0 ? ' ' : '')
    if (kind.colours && random(3) === 0) line += pick(random, colours)
    if (kind.colours && random(9) === 0) line += `\x1b[${pick(random, ['', 0, 1, 2, 7])}${pick(random, [...'KCDGPX@'])}`
    if (random(12) === 0) line += pick(random, ['\t', '\b', '\x07', '\r', '\n'])
  }
  return line + (random(20) === 0 ? '\n' : '\r\n')
}

/** Sequences that move, erase, scroll and set modes, whole ones. */
export function randomSequence(random: Random): string {
  const [one, two] = [random(30), random(100)]
  return pick(random, [
    `\x1b[${one};${two}H`,
    `\x1b[${pick(random, [...'ABCDEFGIZ`ade'])}`,
    `\x1b[${random(3)}${pick(random, ['J', 'K'])}`,
    `\x1b[${1 + random(5)}${pick(random, [...'@LMPSTXb'])}`,
    `\x1b[${1 + random(8)};${9 + random(15)}r`,
    '\x1b[r',
    '\x1bM',
    '\x1bD',
    '\x1bE',
    '\x1bH',
    '\x1b[3g',
    '\x1b7',
    '\x1b8',
    `\x1b[${pick(random, ['4', '20', '?1', '?6', '?7', '?25', '?45', '?2004', '?1000', '?1006'])}${pick(random, ['h', 'l'])}`,
    `\x1b[?${pick(random, ['47', '1047', '1049'])}${pick(random, ['h', 'l'])}`,
    `\x1b${pick(random, ['(', ')'])}${pick(random, ['0', 'B', 'A'])}`,
    pick(random, ['\x0e', '\x0f', '\x0b', '\x0c', '\0', '\x85', '\x84']),
    '\x1b]2;a title\x07',
    `\x1b]8;;http://x/${one}\x1b\\link\x1b]8;;\x1b\\`,
    '\x1bc',
    '\x1b[!p',
    '\x1b#8',
    `\x1b[${one}`,
    '\x1b',
  ])
}
