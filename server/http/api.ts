import type { Authentication } from './authentication.ts'
import type { Settings } from './options.ts'
import type { Slots } from './slots.ts'

/** What the routes share. */
export interface Api {
  options: Settings
  authentication: Authentication
  slots: Slots
  /** Aborts when the server stops. */
  closing: AbortSignal
}
