import type { ChildProcess } from 'node:child_process'
import type { Readable } from 'node:stream'
import type { Started } from './process.ts'

/** Output kept for a reader that is slower than the command; then its pipes fill and it waits. */
const highWaterBytes = 1 << 18
/** A background process may hold the pipes open after the command itself has ended: only this long is more waited for. */
const silenceAfterExitMs = 300
/** A killed group is gone by then. What left it (setsid) may hold the pipes for ever, and is not waited for. */
const killedWithinMs = 800

export interface Output {
  stream: 'stdout' | 'stderr'
  bytes: Buffer
}

export interface End {
  exitCode: number | null
  signal: NodeJS.Signals | null
  timedOut: boolean
  durationMs: number
}

/** Yields what a command writes as it comes, and returns how it ended. Its group is killed when `signal` aborts or time is up. */
export async function* runProcess(
  { child, kill }: Started,
  timeoutMs: number,
  signal: AbortSignal,
): AsyncGenerator<Output, End, undefined> {
  const started = performance.now()
  const output = new OutputQueue(child)
  let timedOut = false
  const stop = () => {
    kill()
    setTimeout(() => output.close(), killedWithinMs)
  }
  const timer = setTimeout(() => {
    timedOut = true
    stop()
  }, timeoutMs)
  signal.addEventListener('abort', stop)
  if (signal.aborted) stop()
  let ended = false
  try {
    for (;;) {
      const next = await output.take()
      if (next === undefined) break
      yield next
    }
    ended = true
    const { exitCode, signalCode } = child
    return { exitCode, signal: signalCode, timedOut, durationMs: Math.round(performance.now() - started) }
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', stop)
    if (!ended) kill()
    output.close()
  }
}

/** Standard output and error in the order they come. */
class OutputQueue {
  readonly #streams: Readable[] = []
  #chunks: Output[] = []
  #bytes = 0
  #open = 0
  #exited = false
  #closed = false
  #wake: () => void = () => undefined

  constructor(child: ChildProcess) {
    this.#exited = child.exitCode !== null || child.signalCode !== null
    child.once('exit', () => {
      this.#exited = true
      this.#wake()
    })
    this.#read('stdout', child.stdout)
    this.#read('stderr', child.stderr)
  }

  /** The next chunk; undefined at the end. */
  async take(): Promise<Output | undefined> {
    for (;;) {
      const chunk = this.#chunks.shift()
      if (chunk) return this.#taken(chunk)
      if (this.#closed || (this.#exited && this.#open === 0)) return undefined
      if (!(await this.#change())) return undefined
    }
  }

  /** Nothing more is read; who waits in `take` is told of the end. */
  close(): void {
    this.#closed = true
    this.#wake()
    for (const stream of this.#streams) stream.destroy()
  }

  #read(name: Output['stream'], stream: Readable | null): void {
    if (!stream) return
    this.#streams.push(stream)
    this.#open++
    stream.on('data', (bytes: Buffer) => {
      this.#chunks.push({ stream: name, bytes })
      this.#bytes += bytes.length
      if (this.#bytes >= highWaterBytes) for (const stream of this.#streams) stream.pause()
      this.#wake()
    })
    stream.once('close', () => {
      this.#open--
      this.#wake()
    })
    stream.on('error', () => stream.destroy())
  }

  #taken(chunk: Output): Output {
    this.#bytes -= chunk.bytes.length
    if (this.#bytes < highWaterBytes / 2) for (const stream of this.#streams) stream.resume()
    return chunk
  }

  /** Resolves to true at the next chunk, close or exit; to false when the command is gone and only silence follows. */
  #change(): Promise<boolean> {
    return new Promise(resolve => {
      const timer = this.#exited ? setTimeout(() => resolve(false), silenceAfterExitMs) : undefined
      this.#wake = () => {
        clearTimeout(timer)
        resolve(true)
      }
    })
  }
}
