import type { Viewer } from './viewer.ts'

/**
 * Who writes: one viewer at a time. It lies free when the writer has left, and goes to the next who comes (the writer again, after
 * a cut) or to the first of those present who types. A read-only viewer never has it.
 */
export class Pen {
  #holder: Viewer | undefined

  get holder(): Viewer | undefined {
    return this.#holder
  }

  /** Whether it changed hands. */
  take(viewer: Viewer): boolean {
    if (viewer.access.readOnly || this.#holder === viewer) return false
    this.#holder = viewer
    return true
  }

  /** Takes it only where it lies free. */
  pickUp(viewer: Viewer): boolean {
    return this.#holder === undefined && this.take(viewer)
  }

  layDown(viewer: Viewer): void {
    if (this.#holder === viewer) this.#holder = undefined
  }
}
