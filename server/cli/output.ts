import { closeSync, openSync, writeSync } from 'node:fs'
import { ToolError } from '../core/errors.ts'
import { fileProblem } from '../core/file-problem.ts'
import type { Chunk } from '../core/tool.ts'
import { errnoOf } from '../linux/linux.ts'

/** Standard output was closed by its reader (`| head`): nothing is left to say. */
export class OutputClosed extends Error {}

/** Waits while a non-blocking pipe is full. 5 ms is short beside a person, long beside a context switch. */
const fullPipeWaitMs = 5

/** Characters gathered before a write: the size of a Linux pipe. */
const gatherLimit = 1 << 16

/**
 * Writes chunks where they belong, in order, without Node's streams: these cost 3 ms at start, and a blocking write gives an
 * applet the backpressure that a C tool has. Text is gathered while events come without a pause, and written as soon as the
 * tool waits for something.
 */
export class Output {
  readonly #files = new Map<string, number>()
  #gathered = ''
  #scheduled: NodeJS.Immediate | undefined
  /** One write at a time; rejected for good once the reader is gone. */
  #writes: Promise<void> = Promise.resolve()

  async write(chunks: Chunk | Chunk[] | undefined): Promise<void> {
    if (chunks === undefined) return
    for (const chunk of Array.isArray(chunks) ? chunks : [chunks]) await this.#writeOne(chunk)
  }

  /** Writes what is gathered. Throws OutputClosed when nobody reads any more. */
  flush(): Promise<void> {
    this.#writes = this.#writes.then(() => {
      const text = this.#gathered
      this.#gathered = ''
      return text === '' ? undefined : writeAll(1, Buffer.from(text))
    })
    return this.#writes
  }

  async #writeOne(chunk: Chunk): Promise<void> {
    if (chunk === '') return
    if (typeof chunk === 'string') {
      this.#gathered += chunk
      if (this.#gathered.length >= gatherLimit) await this.flush()
      else this.#schedule()
    } else if (chunk instanceof Uint8Array) {
      await this.flush()
      await writeAll(1, chunk)
    } else if ('stderr' in chunk) {
      await this.flush()
      await writeAll(2, Buffer.from(chunk.stderr))
    } else await writeAll(this.#open(chunk.file), chunk.data)
  }

  #schedule(): void {
    this.#scheduled ??= setImmediate(() => {
      this.#scheduled = undefined
      this.flush().catch(() => undefined)
    })
  }

  #open(path: string): number {
    let descriptor = this.#files.get(path)
    if (descriptor === undefined) {
      descriptor = openNamed(path)
      this.#files.set(path, descriptor)
    }
    return descriptor
  }

  close(): void {
    for (const descriptor of this.#files.values()) closeSync(descriptor)
    this.#files.clear()
  }
}

function openNamed(path: string): number {
  try {
    return openSync(path, 'w')
  } catch (cause) {
    throw new ToolError('not_permitted', `Failed to open the file ${path}: ${fileProblem(cause)}`, { cause })
  }
}

async function writeAll(descriptor: number, bytes: Uint8Array): Promise<void> {
  for (let offset = 0; offset < bytes.length; ) {
    try {
      offset += writeSync(descriptor, bytes, offset)
    } catch (error) {
      const errno = errnoOf(error)
      if (errno === 'EPIPE') throw new OutputClosed()
      if (errno !== 'EAGAIN') throw error
      await new Promise(resolve => setTimeout(resolve, fullPipeWaitMs))
    }
  }
}
