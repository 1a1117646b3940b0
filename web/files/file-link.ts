import { fileUrl } from '../api/files.ts'
import { element } from '../page/element.ts'
import { openSheet } from '../page/sheet.ts'
import { words } from '../words.ts'
import { download, refusalOf } from './download.ts'

/** A program printed the link, so the page shows where it leads before anything is fetched. */
export function askForLink(terminal: string, path: Uint8Array): void {
  const accept = element('button', { type: 'button', class: 'button main' }, words.files.download)
  const decline = element('button', { type: 'button', class: 'button' }, words.files.cancel)
  const trouble = element('p', { class: 'wrong', role: 'alert' })
  const sheet = openSheet(
    { title: words.files.linkTitle, kind: 'file-link' },
    element('p', { class: 'path' }, shown(path)),
    element('p', { class: 'faint' }, words.files.linkHelp),
    trouble,
    element('div', { class: 'actions' }, decline, accept),
  )
  decline.addEventListener('click', () => sheet.close())
  accept.addEventListener('click', async () => {
    accept.disabled = true
    const why = await fetchIt(terminal, path)
    accept.disabled = false
    if (why === undefined) sheet.close()
    else trouble.textContent = words.files.linkLost(why)
  })
  accept.focus()
}

/** A folder is found out by asking for it as a file. */
async function fetchIt(terminal: string, path: Uint8Array): Promise<string | undefined> {
  const asFile = fileUrl(terminal, path, false)
  const refusal = await refusalOf(asFile)
  if (!refusal) return void download(asFile)
  const asFolder = fileUrl(terminal, path, true)
  if (refusal.code !== 'invalid_input' || (await refusalOf(asFolder))) return refusal.detail
  return void download(asFolder)
}

/** What could move or reverse the text is shown as what it is. */
const shown = (path: Uint8Array) =>
  new TextDecoder()
    .decode(path)
    .replaceAll(/[\p{Cc}\p{Cf}]/gu, character => `\\u{${character.codePointAt(0)!.toString(16)}}`)
