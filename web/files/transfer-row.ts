import { element } from '../page/element.ts'
import { words } from '../words.ts'
import { showBytes, showTime } from './amounts.ts'
import { icon } from './icons.ts'
import type { Transfer } from './transfer.ts'

/** One transfer in the panel. */
export class TransferRow {
  readonly element = element('li', { class: 'transfer' })
  readonly transfer: Transfer
  readonly #bar = element('progress', { max: '1' })
  readonly #detail = element('p', { class: 'detail' })
  readonly #retry = element('button', { type: 'button', class: 'link' }, words.files.retry)
  readonly #end = element('button', { type: 'button', class: 'end' }, '×')

  /** `remove` takes the row away. */
  constructor(transfer: Transfer, remove: () => void) {
    this.transfer = transfer
    const { name, destination, isFolder } = transfer
    const heading = element('p', { class: 'name', title: `${destination.directory}/${name}` }, name)
    this.#retry.addEventListener('click', () => transfer.retry())
    this.#end.addEventListener('click', () => (transfer.phase === 'going' ? transfer.cancel() : remove()))
    this.element.append(icon(isFolder ? 'folder' : 'file'), heading, this.#end, this.#bar, this.#detail, this.#retry)
    this.draw()
  }

  draw(): void {
    const { phase, bytes, bytesDone, isLooking } = this.transfer
    this.element.dataset.phase = this.transfer.isLost ? 'lost' : phase
    this.#bar.hidden = phase !== 'going'
    if (isLooking && this.transfer.isFolder && bytesDone === 0) this.#bar.removeAttribute('value')
    else this.#bar.value = bytes === 0 ? 0 : bytesDone / bytes
    this.#detail.textContent = this.#text()
    this.#retry.hidden = phase !== 'failed' && phase !== 'cancelled'
    const label = phase === 'going' ? words.files.cancel : words.files.dismiss
    if (this.#end.ariaLabel !== label) this.#end.ariaLabel = this.#end.title = label
  }

  #text(): string {
    const { phase, isLost, isAsking } = this.transfer
    if (phase === 'cancelled') return words.files.cancelled
    if (phase !== 'going') return this.#outcome()
    if (isLost) return words.files.waiting
    return isAsking ? words.files.asking : this.#going()
  }

  #going(): string {
    const { bytes, bytesDone, bytesPerSecond, files, filesDone, isFolder, isLooking } = this.transfer
    const secondsLeft = bytesPerSecond > 0 && !isLooking ? (bytes - bytesDone) / bytesPerSecond : undefined
    return [
      isFolder ? words.files.fileCount(filesDone, files) : '',
      files === 0 ? words.files.looking : words.files.progress(showBytes(bytesDone), showBytes(bytes)),
      bytesPerSecond > 0 ? `${showBytes(bytesPerSecond)}/s` : '',
      secondsLeft === undefined ? '' : words.files.left(showTime(secondsLeft)),
    ]
      .filter(Boolean)
      .join(' · ')
  }

  #outcome(): string {
    const { bytesDone, files, filesDone, filesSkipped, filesFailed, failures, isFolder, destination } = this.transfer
    if (filesSkipped === files && files > 0) return words.files.allSkipped
    const size = showBytes(bytesDone)
    const done = isFolder ? words.files.doneFiles(filesDone, size) : words.files.done(size)
    const parts = [
      filesDone > 0 || (isFolder && filesFailed === 0) ? done : '',
      filesFailed === 0 ? words.files.into(destination.directory) : '',
      filesSkipped > 0 ? words.files.skipped(filesSkipped) : '',
      filesFailed > 0 && isFolder ? words.files.failed(filesFailed) : '',
      ...failures,
    ]
    return parts.filter(Boolean).join(' · ')
  }
}
