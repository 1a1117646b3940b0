import type { Keys } from './keys.ts'
import type { Pane } from './pane.ts'
import type { Workspace } from './workspace.ts'

/** Something a person can do with the page: an entry of the menu, with keys where it has some. */
export interface Command {
  /** Entries of one group stand together. */
  group: 'terminal' | 'panes' | 'session' | 'page'
  /** A function where it depends on how things stand: `Record`, `Stop recording`. */
  label: string | ((workspace: Workspace) => string)
  /** Combinations that neither browsers nor shells use. They reach the program while `isOffered` says no. */
  keys?: Keys
  /** Runs again and again while its keys are held down. */
  repeats?: boolean
  /** Also where the page shows no more than one session shared by a link. */
  forGuests?: boolean
  isOffered?(workspace: Workspace): boolean
  run(workspace: Workspace): void
}

/** A part of the page that knows the workspace, while the workspace doesn't know it. All are named in features.ts. */
export interface Feature {
  commands?: Command[]
  /** Called for each pane when its screen is open, before it shows a session. `pane.whenClosed` takes what ends it. */
  addTo?(pane: Pane, workspace: Workspace): void
}
