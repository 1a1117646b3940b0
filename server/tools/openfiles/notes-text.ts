import type { Chunk } from '../../core/tool.ts'
import { escaped } from './escape.ts'
import type { Event, Missing, Summary } from './schema.ts'

/** Beside the answer: what could not be looked at. */
export const noteChunks = (name: string, { notes }: Summary): Chunk[] =>
  notes.map(({ what, why, remedy }) => ({ stderr: `${name}: ${what}: ${why}; ${remedy}\n` }))

export function hungChunk(name: string, { mountPoint, fsType, afterMs }: Extract<Event, { type: 'hung' }>): Chunk {
  const where =
    mountPoint === null ? 'a file system that no visible process has mounted' : `${fsType} at ${escaped(mountPoint)}`
  return { stderr: `${name}: ${where} did not answer within ${afterMs} ms: sizes and inodes there are not known\n` }
}

const whats: Record<Missing['what'], string> = {
  process: 'no such process',
  group: 'no such process group',
  command: 'no such command',
  path: 'nobody has it open',
  port: 'no visible process has it',
  socket: 'no visible process has one',
}

export const missingText = ({ what, name, why }: Missing): string => `${escaped(name)}: ${why ?? whats[what]}`
