import { expect, test } from 'vitest'
import { isReply } from '../../web/terminal/replies.ts'

test.each([
  ['device attributes', '\x1b[?1;2c'],
  ['secondary device attributes', '\x1b[>0;276;0c'],
  ['status', '\x1b[0n'],
  ['cursor position', '\x1b[12;40R'],
  ['extended cursor position', '\x1b[?12;40R'],
  ['a mode', '\x1b[?2026;2$y'],
  ['a colour', '\x1b]11;rgb:0e0e/1616/2121\x1b\\'],
  ['a setting', '\x1bP1$r0m\x1b\\'],
  ['focus gained', '\x1b[I'],
  ['focus lost', '\x1b[O'],
])('%s is a reply', (_name, data) => expect(isReply(data)).toBe(true))

test.each([
  ['a letter', 'c'],
  ['Chinese', '你好'],
  ['Escape', '\x1b'],
  ['an arrow', '\x1b[A'],
  ['an arrow in application mode', '\x1bOA'],
  ['Delete', '\x1b[3~'],
  ['Alt and a letter', '\x1bc'],
  ['a paste', '\x1b[200~\x1b[c\x1b[201~'],
])('%s is no reply', (_name, data) => expect(isReply(data)).toBe(false))
