import type { Terminal } from '@xterm/xterm'
import { copyText } from '../page/copy.ts'
import { settings } from '../settings.ts'
import { words } from '../words.ts'
import { ClipboardCard } from './clipboard-card.ts'
import { clipboardText } from './osc52.ts'

/** What the person said of programs that copy, for as long as the page lives; the setting says it for longer. */
let answer: 'always' | 'never' | undefined

/** A program's wish to put text on the clipboard (OSC 52). `isHeard`: this page is the one whose hands the program serves. */
export function attachClipboard(terminal: Terminal, host: HTMLElement, isHeard: () => boolean): void {
  const card = new ClipboardCard(host)
  const copy = async (text: string) => {
    if (await copyText(text)) card.say(words.hands.programCopied(text.length))
    // Without a press of the person's own, browsers refuse.
    else card.offer(text, () => void copy(text))
  }
  const ask = (text: string) =>
    card.ask(text, {
      once: () => void copy(text),
      always: () => {
        answer = 'always'
        void copy(text)
      },
      never: () => {
        answer = 'never'
      },
    })
  terminal.parser.registerOscHandler(52, data => {
    const text = clipboardText(data)
    const consent = settings().programsCopy === 'ask' ? answer : settings().programsCopy
    if (text === undefined || consent === 'never' || !isHeard()) return true
    if (consent === 'always') void copy(text)
    else ask(text)
    return true
  })
}
