import type { ReadView } from './schema.ts'

/** Room for a line's number. */
const numberBytes = 24
const [newline, carriageReturn, tab, dollar, caret, dash, space] = [0x0a, 0x0d, 0x09, 0x24, 0x5e, 0x2d, 0x20]

/** What cat(1) makes of bytes by its flags; lines are counted over all files. */
export class Filter {
  readonly #view: ReadView
  #out = Buffer.allocUnsafe(64 * 1024)
  #length = 0
  #line = 0
  /** How many newlines came last. */
  #newlines = 1
  #heldReturn = false

  constructor(view: ReadView) {
    this.#view = view
  }

  /** Valid until the next call. */
  push(bytes: Uint8Array): Uint8Array {
    this.#length = 0
    for (let at = 0; at < bytes.length; at++) {
      if (this.#length + numberBytes * 2 > this.#out.length) this.#grow()
      this.#byte(bytes[at]!)
    }
    return this.#out.subarray(0, this.#length)
  }

  /** What can only be told once nothing follows. */
  end(): Uint8Array {
    this.#length = 0
    this.#releaseReturn()
    return this.#out.subarray(0, this.#length)
  }

  #byte(byte: number): void {
    const { showEnds, showNonprinting } = this.#view
    if (byte === newline) {
      this.#newline()
      return
    }
    this.#releaseReturn()
    if (this.#newlines > 0) this.#startLine()
    if (byte === carriageReturn && showEnds && !showNonprinting) this.#heldReturn = true
    else this.#show(byte)
  }

  /** A line's end in the manner of Windows is shown where ends are. */
  #newline(): void {
    const { squeezeBlank, number, numberNonblank, showEnds } = this.#view
    if (this.#heldReturn) this.#put(caret, 0x4d)
    this.#heldReturn = false
    const isBlank = this.#newlines > 0
    if (isBlank && this.#newlines > 1 && squeezeBlank) return
    if (isBlank && number && !numberNonblank) this.#number()
    this.#newlines++
    if (showEnds) this.#put(dollar)
    this.#put(newline)
  }

  #startLine(): void {
    this.#newlines = 0
    if (this.#view.number || this.#view.numberNonblank) this.#number()
  }

  #number(): void {
    const text = `${String(++this.#line).padStart(6)}\t`
    this.#length += this.#out.write(text, this.#length, 'latin1')
  }

  #show(byte: number): void {
    const { showTabs, showNonprinting } = this.#view
    const isPlain = byte === tab ? !showTabs : !showNonprinting
    if (byte >= 0x80 && !isPlain) this.#put(0x4d, dash)
    const low = byte & 0x7f
    if (isPlain) this.#put(byte)
    else if (low === 0x7f) this.#put(caret, 0x3f)
    else if (low < space) this.#put(caret, low + 0x40)
    else this.#put(low)
  }

  #releaseReturn(): void {
    if (this.#heldReturn) this.#put(carriageReturn)
    this.#heldReturn = false
  }

  #put(first: number, second?: number): void {
    this.#out[this.#length++] = first
    if (second !== undefined) this.#out[this.#length++] = second
  }

  #grow(): void {
    const larger = Buffer.allocUnsafe(this.#out.length * 2)
    this.#out.copy(larger, 0, 0, this.#length)
    this.#out = larger
  }
}

/** undefined where bytes are shown as they are. */
export function filterOf(view: ReadView): Filter | undefined {
  const { number, numberNonblank, squeezeBlank, show } = view
  const showEnds = view.showEnds || show.includes('all') || show.includes('ends')
  const showTabs = view.showTabs || show.includes('all') || show.includes('tabs')
  const showNonprinting = view.showNonprinting || show.length > 0
  const changes = number || numberNonblank || squeezeBlank || showEnds || showTabs || showNonprinting
  return changes ? new Filter({ ...view, showEnds, showTabs, showNonprinting }) : undefined
}
