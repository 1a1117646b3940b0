import { element } from '../page/element.ts'
import { openSheet } from '../page/sheet.ts'
import { changeSettings } from '../settings.ts'
import { words } from '../words.ts'
import { inOneLine, type Paste, piecesOf } from './paste-text.ts'

/** What the preview shows of a paste; the rest is told as a number. */
const previewLines = 8
const previewColumns = 160

/** Shows what would be pasted, and resolves with the text to paste; undefined for none. */
export async function askToPaste(raw: string, paste: Paste): Promise<string | undefined> {
  let answer: string | undefined
  const never = element('input', { type: 'checkbox' })
  const button = (label: string, text: string | undefined, kind = '') => {
    const made = element('button', { type: 'button', class: `button ${kind}` }, label)
    made.addEventListener('click', () => {
      answer = text
      sheet.close()
    })
    return made
  }
  const hasLines = paste.lines > 1
  const main = button(words.hands.paste, paste.text, 'main')
  const buttons = [
    button(words.hands.cancel, undefined),
    ...(hasLines ? [button(words.hands.pasteOneLine, inOneLine(paste.text))] : []),
    main,
  ]
  const sheet = openSheet(
    { title: words.hands.pasteTitle(paste.lines, paste.text.length), kind: 'paste' },
    preview(raw, paste.lines),
    ...(paste.hidden > 0 ? [element('p', { class: 'wrong' }, words.hands.hidden(paste.hidden))] : []),
    element('div', { class: 'actions' }, ...(hasLines ? [neverAgain(never)] : []), ...buttons),
  )
  main.focus()
  await sheet.closed
  if (answer !== undefined && never.checked) changeSettings({ warnPaste: false })
  return answer
}

const neverAgain = (box: HTMLElement) => element('label', { class: 'check' }, box, words.hands.noLineWarning)

function preview(raw: string, lines: number): HTMLElement {
  const shown = raw.split(/\r\n?|\n/, Math.min(lines, previewLines)).map(lineOf)
  const rest = lines - shown.length
  const more = rest > 0 ? [element('p', { class: 'faint' }, words.hands.moreLines(rest))] : []
  return element('div', { class: 'paste-preview' }, element('pre', { tabindex: '0' }, ...shown), ...more)
}

function lineOf(line: string): HTMLElement {
  const cut = line.length > previewColumns ? [element('span', { class: 'faint' }, '…')] : []
  const pieces = piecesOf(line.slice(0, previewColumns)).map(({ text, isHidden }) =>
    isHidden ? element('mark', {}, text) : text,
  )
  return element('code', {}, ...pieces, ...cut)
}
