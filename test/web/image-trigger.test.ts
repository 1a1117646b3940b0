import { expect, test } from 'vitest'
import { ImageTrigger } from '../../web/hands/image-trigger.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

test.each([
  ['a sixel image', 'text\x1bP0;1;0q#0;2;0;0;0', 11],
  ['a sixel image without parameters', '\x1bPq', 2],
  ["iTerm's image", '\x1b]1337;File=inline=1:', 6],
  ['a question for the size of images', '\x1b[?2;1;0S', 8],
])('%s is found where it begins, however it is cut', (_, text, at) => {
  expect(new ImageTrigger().find(bytes(text))).toBe(at)
  for (let cut = 1; cut <= at; cut++) {
    const trigger = new ImageTrigger()
    expect(trigger.find(bytes(text).subarray(0, cut))).toBe(-1)
    expect(trigger.find(bytes(text).subarray(cut))).toBe(at - cut)
  }
})

test.each([
  '\x1bP$q"p\x1b\\',
  '\x1bP+q544e\x1b\\',
  '\x1b]133;A\x07',
  '\x1b]13371;x',
  '\x1b[3S',
  '\x1b[?25h',
  'P0q',
  '\x1b[31mPq',
])('%j is no image', text => {
  expect(new ImageTrigger().find(bytes(text))).toBe(-1)
})
