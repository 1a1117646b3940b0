import { words } from '../words.ts'
import type { Feature } from '../workspace/feature.ts'
import { attachClipboard } from './clipboard.ts'
import { fullScreen } from './full-screen.ts'
import { attachKeyboard } from './keyboard.ts'
import { attachPaste } from './paste.ts'
import { attachPointer } from './pointer.ts'
import { attachTouchScroll } from './touch-scroll.ts'

/** What hands do with a terminal: keys, clipboard, mouse and fingers. */
export const hands: Feature = {
  commands: [fullScreen],
  addTo({ terminal, element, status, view }) {
    attachKeyboard(terminal)
    attachPaste(terminal, element)
    attachPointer(terminal, element, () => status.show(status.phase, words.hands.noClipboard, status.action))
    attachClipboard(terminal, element, () => view.state?.role !== 'reader')
    attachTouchScroll(terminal, element)
  },
}
