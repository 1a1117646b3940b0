import type { Feature } from './feature.ts'
import { menu } from './menu.ts'
import { paneCommands } from './pane-commands.ts'

/** Everything that is wired into the page; entries of the menu come in this order. */
export const features: Feature[] = [paneCommands, menu]
