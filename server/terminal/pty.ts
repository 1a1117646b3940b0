import { readSync } from 'node:fs'
import { ReadStream } from 'node:tty'
import { errnoOf } from '../linux/linux.ts'
import type { TerminalSize } from '../protocol/terminal-frames.ts'
import { PtyInput } from './pty-input.ts'

/** node-pty's compiled half. Its other half stops the event loop during a large paste, drops what a paused reader hasn't read
 *  200 ms after the exit, and allocates 64 KiB for each 4 KiB that the kernel hands over. */
interface Native {
  /** `environment` is `NAME=value`; `onExit` gets what wait(2) tells. The descriptor doesn't block. */
  fork(
    file: string,
    args: string[],
    environment: string[],
    cwd: string,
    cols: number,
    rows: number,
    uid: number,
    gid: number,
    utf8: boolean,
    helperPath: string,
    onExit: (status: number, signal: number) => void,
  ): { fd: number; pid: number; pty: string }
  resize(descriptor: number, cols: number, rows: number): void
}

export interface PtyCommand {
  /** A path; nothing is searched. */
  file: string
  args: string[]
  environment: Record<string, string>
  cwd: string
}

export interface PtyEvents {
  /** Output can be read; `first` holds what was read already, until the call returns. */
  readable(first: Buffer): void
  /** Input that waited was taken. */
  drain(): void
  /** The process ended; output may still come. 0 is no signal. */
  exit(status: number, signal: number): void
  /** The last output was read, and the process has ended. */
  end(): void
}

/** Output is paused while fewer bytes than this fit, since so many may come with one event: what the kernel hands over at once. */
export const ptyReadBytes = 4096

let loading: Promise<{ native: Native; closeOnExec: (descriptor: number) => void }> | undefined

/** Starts a process on a new PTY of the given size. Throws when the kernel has no PTY or no process left. */
export async function openPty(command: PtyCommand, size: TerminalSize, events: PtyEvents): Promise<Pty> {
  loading ??= load()
  const { native, closeOnExec } = await loading
  return new Pty(native, closeOnExec, command, size, events)
}

async function load() {
  const [{ requireBinary }, { loadCloseOnExec }] = await Promise.all([
    import('node-pty/requireBinary.js'),
    import('../linux/close-on-exec.ts'),
  ])
  return { native: requireBinary('pty.node') as Native, closeOnExec: await loadCloseOnExec() }
}

/** One process and the master side of its terminal. */
export class Pty {
  readonly pid: number
  readonly input: PtyInput
  readonly #native: Native
  readonly #descriptor: number
  readonly #stream: ReadStream
  readonly #events: PtyEvents
  #exited = false
  #ended = false

  constructor(
    native: Native,
    closeOnExec: (descriptor: number) => void,
    { file, args, environment, cwd }: PtyCommand,
    { cols, rows }: TerminalSize,
    events: PtyEvents,
  ) {
    const pairs = Object.entries(environment).map(([name, value]) => `${name}=${value}`)
    const onExit = (status: number, signal: number) => this.#exit(status, signal)
    const { fd, pid } = native.fork(file, args, pairs, cwd, cols, rows, -1, -1, false, '', onExit)
    // Otherwise every later shell holds this master too, and could read and write here.
    closeOnExec(fd)
    this.pid = pid
    this.#native = native
    this.#events = events
    this.#descriptor = fd
    this.input = new PtyInput(fd, () => events.drain())
    this.#stream = this.#open(fd)
  }

  resize({ cols, rows }: TerminalSize): void {
    if (!this.#ended) this.#native.resize(this.#descriptor, cols, rows)
  }

  /** For questions to the kernel; undefined once it is closed, since another file may have its number then. */
  get descriptor(): number | undefined {
    return this.#ended ? undefined : this.#descriptor
  }

  /** Reads what is there now into `place`; 0 when nothing is. */
  read(place: Uint8Array): number {
    if (this.#ended) return 0
    try {
      return readSync(this.#descriptor, place)
    } catch (error) {
      // EIO is the end of a PTY on Linux; the stream meets it as well.
      if (errnoOf(error) === 'EAGAIN' || errnoOf(error) === 'EIO') return 0
      throw error
    }
  }

  /** The kernel holds 64 KiB; then the program waits in write(2). */
  pause(): void {
    this.#stream.pause()
  }

  resume(): void {
    this.#stream.resume()
  }

  /** Hangs up: output not yet read is lost. `exit` still comes, `end` with it. */
  close(): void {
    this.#end()
  }

  #open(descriptor: number): ReadStream {
    const callback = (length: number, buffer: Buffer) => {
      this.#events.readable(buffer.subarray(0, length))
      return true
    }
    const options = { onread: { buffer: Buffer.allocUnsafeSlow(ptyReadBytes), callback } }
    const Stream = ReadStream as new (descriptor: number, options: object) => ReadStream
    const stream = new Stream(descriptor, options)
    stream.on('error', () => this.#end())
    stream.on('end', () => this.#end())
    stream.resume()
    return stream
  }

  #exit(status: number, signal: number): void {
    this.#exited = true
    this.#events.exit(status, signal)
    if (this.#ended) this.#events.end()
  }

  #end(): void {
    if (this.#ended) return
    this.#ended = true
    this.input.close()
    this.#stream.destroy()
    if (this.#exited) this.#events.end()
  }
}
