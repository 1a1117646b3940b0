import { ToolError } from '../../core/errors.ts'
import type { OpenFile } from '../../linux/root/folder.ts'
import type { Span } from '../contents/read-blocks.ts'
import type { ReadInput } from './schema.ts'

/** Which part of a file is asked for; all of it where nothing is said. */
export type Part = Pick<ReadInput, 'first' | 'last' | 'from' | 'unit'>

type Blocks = AsyncIterable<Uint8Array>

const newline = 0x0a
/** How a file is read backwards. */
const stepBytes = 64 * 1024
/** What is kept of the end of what can't be read backwards. */
const keptBytes = 32 << 20

/** Where in a file the part lies, and what of it is still to be found by reading on. */
export async function spanOf(file: OpenFile, part: Part): Promise<{ span: Span; rest: Part }> {
  const { first, last, from, unit } = part
  const { size } = file.status
  const whole = { unit }
  if (last !== undefined && size > 0) {
    const start = unit === 'bytes' ? Math.max(0, size - last) : await startOfLastLines(file, size, last)
    return { span: { from: start }, rest: whole }
  }
  if (unit === 'bytes' && from !== undefined) return { span: { from: from - 1 }, rest: whole }
  if (unit === 'bytes' && first !== undefined) return { span: { limit: first }, rest: whole }
  return { span: {}, rest: part }
}

/** A last line without its newline is a line, too. */
async function startOfLastLines(file: OpenFile, size: number, count: number): Promise<number> {
  if (count === 0) return size
  const buffer = Buffer.allocUnsafeSlow(Math.min(stepBytes, size))
  let missing = count
  for (let end = size; end > 0; ) {
    const start = Math.max(0, end - stepBytes)
    const block = buffer.subarray(0, await readFully(file, buffer.subarray(0, end - start), start))
    let at = block.length
    if (end === size && block.at(-1) === newline) at--
    while (at > 0) {
      at = block.lastIndexOf(newline, at - 1)
      if (at < 0) break
      if (--missing === 0) return start + at + 1
    }
    end = start
  }
  return 0
}

async function readFully(file: OpenFile, buffer: Buffer, position: number): Promise<number> {
  let length = 0
  while (length < buffer.length) {
    const count = await file.read(buffer.subarray(length), position + length)
    if (count === 0) break
    length += count
  }
  return length
}

/** The part of a stream. What is passed on is valid until the next is asked for. */
export async function* partOf(blocks: Blocks, { first, last, from, unit }: Part): AsyncGenerator<Uint8Array> {
  const isLines = unit === 'lines'
  if (first !== undefined) yield* isLines ? firstLines(blocks, first) : firstBytes(blocks, first)
  else if (last !== undefined) yield* lastOf(blocks, last, isLines)
  else if (from !== undefined) yield* isLines ? fromLine(blocks, from) : fromByte(blocks, from)
  else yield* blocks
}

async function* firstLines(blocks: Blocks, count: number): AsyncGenerator<Uint8Array> {
  if (count === 0) return
  let missing = count
  for await (const block of blocks) {
    const end = afterLines(block, missing)
    if (end.missing === 0) return yield block.subarray(0, end.at)
    missing = end.missing
    yield block
  }
}

async function* firstBytes(blocks: Blocks, count: number) {
  if (count === 0) return
  let missing = count
  for await (const block of blocks) {
    yield block.subarray(0, missing)
    missing -= block.length
    if (missing <= 0) return
  }
}

async function* fromLine(blocks: Blocks, line: number) {
  let missing = line - 1
  for await (const block of blocks) {
    const start = missing === 0 ? { at: 0, missing } : afterLines(block, missing)
    missing = start.missing
    if (missing === 0 && start.at < block.length) yield block.subarray(start.at)
  }
}

async function* fromByte(blocks: Blocks, byte: number) {
  let missing = byte - 1
  for await (const block of blocks) {
    if (missing < block.length) yield block.subarray(missing)
    missing = Math.max(0, missing - block.length)
  }
}

/** Just behind so many newlines; `missing` tells how many the block lacks. */
function afterLines(block: Uint8Array, count: number): { at: number; missing: number } {
  let at = 0
  for (let missing = count; missing > 0; missing--) {
    const found = block.indexOf(newline, at)
    if (found < 0) return { at: block.length, missing }
    at = found + 1
  }
  return { at, missing: 0 }
}

async function* lastOf(blocks: Blocks, count: number, isLines: boolean) {
  const kept: Uint8Array[] = []
  const sizeOf = (block: Uint8Array) => (isLines ? newlinesIn(block) : block.length)
  let [size, bytes] = [0, 0]
  for await (const block of blocks) {
    kept.push(Uint8Array.from(block))
    size += sizeOf(block)
    bytes += block.length
    // A newline more than lines that are wanted: the one before them.
    for (let dropped = kept[0]!; size - sizeOf(dropped) > count; dropped = kept[0]!) {
      size -= sizeOf(dropped)
      bytes -= dropped.length
      kept.shift()
    }
    if (bytes > keptBytes)
      throw new ToolError(
        'unavailable',
        `its last ${count} ${isLines ? 'lines' : 'bytes'} are more than ${keptBytes} bytes`,
      )
  }
  if (count === 0) return
  const all = Buffer.concat(kept)
  yield isLines ? all.subarray(startOfLines(all, count)) : all.subarray(Math.max(0, all.length - count))
}

function newlinesIn(block: Uint8Array): number {
  let count = 0
  for (let at = block.indexOf(newline); at >= 0; at = block.indexOf(newline, at + 1)) count++
  return count
}

function startOfLines(all: Buffer, count: number): number {
  let at = all.at(-1) === newline ? all.length - 1 : all.length
  for (let missing = count; missing > 0 && at > 0; missing--) {
    at = all.lastIndexOf(newline, at - 1)
    if (at < 0) return 0
  }
  return at === 0 ? 0 : at + 1
}
