import type { Found } from './found.ts'

/** What a summary counts. */
export class Tally {
  entries = 0
  sizeBytes = 0
  allocatedBytes = 0
  limited = false

  add({ status }: Found): void {
    this.entries++
    this.sizeBytes += status?.size ?? 0
    this.allocatedBytes += (status?.blocks ?? 0) * 512
  }
}
