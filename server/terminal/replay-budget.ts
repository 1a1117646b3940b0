/** Memory that all rings share, or all recordings. Each ring owns its smallest size without asking, so every session works when it is spent. */
export class ReplayBudget {
  #left: number

  constructor(bytes: number) {
    this.#left = bytes
  }

  take(bytes: number): boolean {
    if (bytes > this.#left) return false
    this.#left -= bytes
    return true
  }

  give(bytes: number): void {
    this.#left += bytes
  }

  get left(): number {
    return this.#left
  }
}
