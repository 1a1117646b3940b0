import type { RecordingState } from '../../server/protocol/terminal-frames.ts'

/** A recording and the page around it. */
export interface Recorded {
  id: string
  title: string
  state: RecordingState
  play(): void
  /** Says that the server refused. */
  fail(error: unknown): void
}
