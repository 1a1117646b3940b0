import type { Chunk } from '../../core/tool.ts'
import type { Input, SocketEvent, Summary } from './schema.ts'

/** For layouts that have no room for reasons: these go to standard error, each once, after the listing. */
export function unknownOwnersNote(name: string, { processes }: Input) {
  let why = ''
  return {
    see(event: SocketEvent): void {
      if (processes && event.processes === null && event.inode !== 0) why = event.why ?? ''
    },
    notes({ ownersUnknown, notes }: Summary): Chunk[] {
      const owners = ownersUnknown ? [`owner of ${sockets(ownersUnknown)} ${why}`] : []
      return [...owners, ...notes].map(note => ({ stderr: `${name}: ${note}\n` }))
    },
  }
}

export const sockets = (count: number) => (count === 1 ? '1 socket' : `${count} sockets`)
