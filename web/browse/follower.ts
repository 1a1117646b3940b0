import { ApiError } from '../api/client.ts'
import { type Path, readBytes, statFile, type Target } from '../api/container-files.ts'
import { showBytes } from '../files/amounts.ts'
import { words } from '../words.ts'

/** Between two looks, in ms. */
const lookMs = 1000
/** Of the end, at first and at each look. */
const endBytes = 64 * 1024
/** Kept on the page. */
const keptCharacters = 256 * 1024

/** The end of a file as it grows, like `tail -F`: one that was cut short or replaced begins anew. */
export class Follower {
  readonly #target: Target
  readonly #path: Path
  readonly #content: HTMLElement
  readonly #say: (text: string) => void
  #decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  #offset = 0
  #inode: string | null | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  #isStopped = false

  constructor(target: Target, path: Path, content: HTMLElement, say: (text: string) => void) {
    this.#target = target
    this.#path = path
    this.#content = content
    this.#say = say
    content.textContent = ''
    void this.#go()
  }

  stop(): void {
    this.#isStopped = true
    clearTimeout(this.#timer)
  }

  async #go(): Promise<void> {
    try {
      await this.#look()
    } catch (error) {
      this.#say(error instanceof ApiError ? error.message : words.unreachable)
    }
    if (!this.#isStopped) this.#timer = setTimeout(() => void this.#go(), lookMs)
  }

  async #look(): Promise<void> {
    const { sizeBytes, inode } = await statFile(this.#target, this.#path)
    const size = sizeBytes ?? 0
    if (this.#inode === undefined) this.#offset = Math.max(0, size - endBytes)
    else if (inode !== this.#inode || size < this.#offset) this.#beginAnew()
    this.#inode = inode
    while (this.#offset < size && !this.#isStopped) {
      const { bytes } = await readBytes(this.#target, this.#path, this.#offset, Math.min(size, this.#offset + endBytes))
      if (bytes.length === 0 || this.#isStopped) break
      this.#offset += bytes.length
      this.#append(this.#decoder.decode(bytes, { stream: true }))
    }
    if (!this.#isStopped) this.#say(words.browse.following(showBytes(size)))
  }

  #beginAnew(): void {
    this.#offset = 0
    this.#decoder = new TextDecoder('utf-8', { ignoreBOM: true })
    this.#append(`\n── ${words.browse.begunAnew} ──\n`)
  }

  /** Stays at the end unless somebody has scrolled up to read. */
  #append(text: string): void {
    const content = this.#content
    const isAtEnd = content.scrollTop + content.clientHeight >= content.scrollHeight - 4
    content.textContent = `${content.textContent}${text}`.slice(-keptCharacters)
    if (isAtEnd) content.scrollTop = content.scrollHeight
  }
}
