import type { Chunk, Renderer, Screen } from '../../core/tool.ts'
import { bytesText } from '../limits/format.ts'
import { alignColumns, type Column } from '../ports/columns.ts'
import { resultWords } from '../signal/text.ts'
import { escaped, escapedCommand } from './escape.ts'
import { endsOf } from './file-words.ts'
import { hungChunk, missingText, noteChunks } from './notes-text.ts'
import type { Event, FileEvent, Input, Summary, View } from './schema.ts'

const columns: Column[] = [
  { title: 'PID', align: 'right', gap: 0 },
  { title: 'USER', align: 'left', gap: 2 },
  { title: 'COMMAND', align: 'left', gap: 2 },
  { title: 'CONTAINER', align: 'left', gap: 2 },
  { title: 'FD', align: 'right', gap: 2 },
  { title: 'KIND', align: 'left', gap: 2 },
  { title: 'SIZE', align: 'right', gap: 2 },
  { title: 'NAME', align: 'left', gap: 2 },
]

/** Lines that are held back for their columns' width; more are set by those before. */
const heldLines = 10_000

/** A line for each file. */
export function renderOpenFiles(_input: Input, view: View, { colour }: Screen): Renderer<Event | { type: 'body' }> {
  let rows: string[][] = []
  let isFirst = true
  const flush = (): Chunk[] => {
    if (rows.length === 0) return []
    const text = alignColumns(columns, rows, isFirst).replace(/ +$/gm, '')
    const shown = colour && isFirst ? text.replace(/^.*$/m, '\x1b[1m$&\x1b[0m') : text
    rows = []
    isFirst = false
    return [shown]
  }
  return event => {
    switch (event.type) {
      case 'file':
        rows.push(rowOf(event, view))
        return rows.length < heldLines ? undefined : flush()
      case 'hung':
        return [...flush(), hungChunk('ditty openfiles', event)]
      case 'mounted':
        return `${escaped(event.asked)}: ${event.fsType} at ${escaped(event.mountPoint)}\n`
      case 'denied':
        return [...flush(), { stderr: `ditty openfiles: ${event.pid}: ${event.reason}; ${event.remedy}\n` }]
      case 'sent':
        return flush()
      case 'result':
        return `${event.pid}: ${resultWords(event, { colour })}\n`
      case 'summary':
        return [...flush(), ...closing(event)]
    }
    return undefined
  }
}

const rowOf = (file: FileEvent, { numericUsers }: View): string[] => [
  String(file.pid),
  numericUsers ? String(file.uid) : escaped(file.user),
  escapedCommand(file.comm),
  file.container ?? '',
  `${file.fd}${file.access ?? ''}${file.lock ?? ''}`,
  file.kind,
  file.sizeBytes === null ? '' : bytesText(file.sizeBytes),
  nameOf(file),
]

function nameOf(file: FileEvent): string {
  const facts = [
    file.deleted ? 'deleted' : undefined,
    file.allocatedBytes === undefined ? undefined : `${bytesText(file.allocatedBytes)} held`,
    file.why,
  ].filter(fact => fact !== undefined)
  const name = file.localPort === undefined ? plainName(file) : `${file.protocol} ${endsOf(file)} ${file.state}`
  return facts.length > 0 ? `${name} (${facts.join(', ')})` : name
}

function plainName({ kind, path, pathBase64, name, localAddress, state, peerInode }: FileEvent): string {
  if (kind !== 'unix') return escaped(path ?? name ?? '', pathBase64)
  const peer = peerInode ? ` peer ${peerInode}` : ''
  return `${localAddress ? escaped(localAddress) : '(unnamed)'} ${state}${peer}`
}

function closing(summary: Summary): Chunk[] {
  const { files, processes, deletedFiles, deletedBytes, missing, signalled } = summary
  const deleted =
    deletedFiles > 0 ? `, ${count(deletedFiles, 'deleted file')} that hold ${bytesText(deletedBytes)}` : ''
  const done = signalled ? [`${signalled.signal ?? 'signal 0'} sent to ${signalled.sent} of ${processes}\n`] : []
  const total = files > 1 ? [`\n${files} files of ${count(processes, 'process', 'processes')}${deleted}\n`] : []
  return [
    ...total,
    ...done,
    ...missing.map(each => ({ stderr: `ditty openfiles: ${missingText(each)}\n` })),
    ...noteChunks('ditty openfiles', summary),
  ]
}

const count = (number: number, one: string, many = `${one}s`) => `${number} ${number === 1 ? one : many}`
