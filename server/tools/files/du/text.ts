import type { Chunk, Renderer, Screen } from '../../../core/tool.ts'
import { sizeWriter } from '../block-size.ts'
import { bytesOfFields, byteTextOf, rawText } from '../byte-text.ts'
import { onTerminal } from '../printable-path.ts'
import type { FilesEvent } from '../run.ts'
import type { FilesInput, FilesView, TroubleEvent } from '../schema.ts'
import { problemWords, quotedPath, Remedies } from '../trouble-text.ts'
import { measured } from '../usage.ts'

/** What du(1) prints. */
export function renderDu({ measure }: FilesInput, view: FilesView, { isTerminal }: Screen): Renderer<FilesEvent> {
  const written = sizeWriter(view.blockSize, measure === 'inodes' ? 1 : 1024)
  const end = view.nullEnds ? '\0' : '\n'
  const remedies = new Remedies()
  return event => {
    switch (event.type) {
      case 'usage': {
        const path = bytesOfFields(event)
        const shownPath = isTerminal ? byteTextOf(onTerminal(path)) : path
        return rawText(`${written(measured(event, measure))}\t${shownPath}${end}`)
      }
      case 'trouble':
        remedies.add(event)
        return { stderr: `du: ${doing(event)} ${quotedPath(event)}: ${problemWords(event)}\n` }
      case 'summary': {
        const { sizeBytes, allocatedBytes, entries } = event
        const all = { sizeBytes: sizeBytes ?? 0, allocatedBytes: allocatedBytes ?? 0, inodes: entries }
        const total: Chunk[] = view.total ? [`${written(measured(all, measure))}\ttotal${end}`] : []
        return [...total, ...remedies.text('du')]
      }
      default:
        return undefined
    }
  }
}

const doing = ({ step }: TroubleEvent) => (step === 'enter' ? 'cannot read directory' : 'cannot access')
