import { BrokenDatabase } from '../package.ts'

/** rpm itself takes no larger header (256 MiB, lib/header.c); real ones have a tenth of this. */
const maxBlobBytes = 64 << 20

/** Headers share no bytes, so all of them together are no longer than the file: what says otherwise would be read for ever. */
export class Allowance {
  #left: number

  constructor(fileBytes: number) {
    this.#left = fileBytes
  }

  /** Before a header of this length is read. */
  take(bytes: number): void {
    this.#left -= bytes
    if (bytes > maxBlobBytes || this.#left < 0) throw new BrokenDatabase(`a header of ${bytes} bytes`)
  }
}
