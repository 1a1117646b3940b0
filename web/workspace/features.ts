import { browse } from '../browse/feature.ts'
import { files } from '../files/feature.ts'
import { hands } from '../hands/hands.ts'
import { recording } from '../recording/feature.ts'
import { bell } from './bell.ts'
import { enter } from './enter.ts'
import type { Feature } from './feature.ts'
import { keysSheet } from './keys-sheet.ts'
import { menu } from './menu.ts'
import { paneCommands } from './pane-commands.ts'
import { search } from './search.ts'
import { sessions } from './sessions.ts'
import { settingsSheet } from './settings-sheet.ts'
import { share } from './share.ts'
import { together } from './together.ts'

/** Everything that is wired into the page; entries of the menu come in this order. */
export const features: Feature[] = [
  search,
  paneCommands,
  enter,
  browse,
  sessions,
  together,
  share,
  files,
  recording,
  hands,
  bell,
  settingsSheet,
  keysSheet,
  menu,
]
