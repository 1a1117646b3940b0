import type { RunContext } from './context.ts'

/** Cells of a screen. */
export interface Size {
  columns: number
  rows: number
}

/** A whole screen: each line no wider than it, with colours (SGR) but no other sequences. */
export interface Frame {
  lines: string[]
  /** Where somebody types, counted from 0; hidden without. */
  cursor?: { row: number; column: number }
}

/** What a live screen may do beside drawing. */
export interface Stage<Input, View, Context extends RunContext = RunContext> {
  readonly input: Input
  readonly view: View
  readonly colour: boolean
  readonly context: Context
  /** Asks the run for something else from now on. */
  steer(input: Input): void
  /** Asks the run to look at once. */
  hurry(): void
  /** Draws again, though no event came. */
  redraw(): void
  quit(): void
}

/**
 * A screen for a tool that runs on: given events and keys it draws frames. It neither prints nor reads: the face paints what has
 * changed, takes care of the terminal and its signals, and names keys: `a`, ` `, `你`, `Enter`, `Escape`, `Backspace`, `Tab`, `Up`, `Down`,
 * `Left`, `Right`, `Home`, `End`, `PageUp`, `PageDown`, `Insert`, `Delete`, `Ctrl-O`. Ctrl-C quits without asking, Ctrl-Z suspends.
 */
export interface LiveScreen<Event> {
  /** Called before anything else, and when the terminal changes its size. */
  resize(size: Size): void
  take(event: Event): void
  press(key: string): void
  frame(): Frame
}
