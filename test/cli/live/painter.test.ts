import { Terminal } from '@xterm/headless'
import { expect, test } from 'vitest'
import { enterScreen, leaveScreen, Painter } from '../../../server/cli/live/painter.ts'

const open = () => new Terminal({ cols: 20, rows: 4, allowProposedApi: true })
const write = (terminal: Terminal, text: string) => new Promise<void>(resolve => terminal.write(text, resolve))
const linesOf = ({ buffer, rows }: Terminal) =>
  Array.from({ length: rows }, (_, row) => buffer.active.getLine(row)?.translateToString(true))

test('a frame is what the terminal shows, and only lines that changed are written', async () => {
  const [terminal, painter] = [open(), new Painter()]
  await write(terminal, `$ top\r\n${enterScreen}`)
  await write(terminal, painter.paint({ lines: ['one', '\x1b[1mtwo', '三'] }))
  expect(linesOf(terminal)).toEqual(['one', 'two', '三', ''])
  const change = painter.paint({ lines: ['one', 'TWO', '三'] })
  expect(change).toContain('TWO')
  expect(change).not.toMatch(/one|三|\x1b\[2?J/)
  await write(terminal, change)
  expect(linesOf(terminal)).toEqual(['one', 'TWO', '三', ''])
  await write(terminal, painter.paint({ lines: ['one'] }))
  expect(linesOf(terminal)).toEqual(['one', '', '', ''])
  await write(terminal, leaveScreen)
  expect(linesOf(terminal)).toEqual(['$ top', '', '', ''])
})

test('the same frame is nothing to write; what was forgotten is written anew; a cursor stands where one types', async () => {
  const [terminal, painter] = [open(), new Painter()]
  const frame = { lines: ['delay: 3'], cursor: { row: 0, column: 8 } }
  await write(terminal, painter.paint(frame))
  expect([terminal.buffer.active.cursorX, terminal.buffer.active.cursorY]).toEqual([8, 0])
  expect(painter.paint(frame)).toBe('')
  await write(terminal, '\x1b[2J')
  painter.forget(4)
  await write(terminal, painter.paint(frame))
  expect(linesOf(terminal)).toEqual(['delay: 3', '', '', ''])
})

test('a line as wide as the screen does not run over', async () => {
  const [terminal, painter] = [open(), new Painter()]
  await write(terminal, enterScreen + painter.paint({ lines: ['x'.repeat(20), 'y'.repeat(20), '', 'z'.repeat(20)] }))
  expect(linesOf(terminal)).toEqual(['x'.repeat(20), 'y'.repeat(20), '', 'z'.repeat(20)])
})
