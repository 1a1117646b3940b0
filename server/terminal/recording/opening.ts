import type { ReplayRing } from '../replay-ring.ts'

/**
 * The bytes a recording opens with, so that it shows the screen as it stood when it began: the output that is held. Where the
 * oldest was lost it may start amid a sequence, hence after the first line break.
 */
export function screenOf(ring: ReplayRing): Uint8Array {
  const held = Buffer.alloc(ring.end - ring.start)
  ring.copy(ring.start, held)
  return ring.start === 0 ? held : held.subarray(held.indexOf(0x0a) + 1)
}
