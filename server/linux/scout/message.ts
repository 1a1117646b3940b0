import type { LookKind, Views } from './look.ts'

/** What a scout tells: that it stands ready, or what it saw. One answer to each look, in order. */
export type ScoutMessage = { type: 'ready' } | Seen | Failed

export interface Seen {
  type: 'seen'
  view: Views[LookKind]
}

/** The call failed; `message` is Node's, whole. */
export interface Failed {
  type: 'failed'
  errno: string
  message: string
}
