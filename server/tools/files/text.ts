import type { Chunk, Renderer } from '../../core/tool.ts'
import type { Found } from './found.ts'
import { modeText } from './mode-text.ts'
import { onTerminal } from './printable-path.ts'
import type { FilesEvent } from './run.ts'
import type { FileSystemEvent, FilesInput, FilesSummary } from './schema.ts'
import { humanSize } from './size-text.ts'
import { localTime, strftime } from './strftime.ts'
import { problemWords, Remedies } from './trouble-text.ts'

/** One line for each thing, as it is come to. */
export function renderFiles(input: FilesInput): Renderer<FilesEvent> {
  const remedies = new Remedies()
  return event => {
    switch (event.type) {
      case 'entry':
        return entryLine(event as Found, input)
      case 'folder':
        return undefined
      case 'usage':
        return `${humanSize(event.allocatedBytes).padStart(7)}  ${printable(event.path)}\n`
      case 'filesystem':
        return fileSystemLine(event)
      case 'trouble':
        remedies.add(event)
        return { stderr: `ditty files: ${printable(event.path)}: ${problemWords(event)}\n` }
      case 'summary':
        return [...remedies.text('ditty files'), summaryLine(event)]
    }
  }
}

const printable = (text: string) => onTerminal(Buffer.from(text).toString('latin1'))

function entryLine({ status, pathBytes, linkTargetBytes, user, group }: Found, input: FilesInput): string {
  const target = linkTargetBytes === undefined ? '' : ` -> ${onTerminal(linkTargetBytes)}`
  const path = onTerminal(pathBytes) + target
  if (!status) return `${path}\n`
  const owner = `${user ?? status.uid}:${group ?? status.gid}`
  const moment = status[input.time]
  const when = moment ? strftime('%F %T', localTime(moment)) : '-'
  const isDevice = status.type === 'character' || status.type === 'block'
  const size = isDevice ? `${status.special.major},${status.special.minor}` : humanSize(status.size)
  const holes = status.isSparse ? ` (sparse: ${humanSize(status.blocks * 512)})` : ''
  const cells = [modeText(status.type, status.mode), owner.padEnd(13), size.padStart(7), when.padEnd(19), path + holes]
  return `${cells.join('  ')}\n`
}

function fileSystemLine({
  path,
  fsType,
  availableBlocks,
  blocks,
  blockSizeBytes,
  inodes,
  freeInodes,
}: FileSystemEvent) {
  const space = `${humanSize(availableBlocks * blockSizeBytes)} of ${humanSize(blocks * blockSizeBytes)} free`
  return `${printable(path)}: ${fsType ?? 'an unknown file system'}, ${space}, ${freeInodes} of ${inodes} inodes free\n`
}

function summaryLine({ entries, folders, allocatedBytes, troubles, limited }: FilesSummary): Chunk {
  const parts = [
    `${entries} ${entries === 1 ? 'entry' : 'entries'}`,
    `${folders} ${folders === 1 ? 'folder' : 'folders'} read`,
    ...(allocatedBytes === null ? [] : [`${humanSize(allocatedBytes)} on disk`]),
    ...(limited ? ['more beyond the limit'] : []),
    ...(troubles > 0 ? [`${troubles} could not be looked at`] : []),
  ]
  return { stderr: `${parts.join(', ')}\n` }
}
