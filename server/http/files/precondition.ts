import { lstat } from 'node:fs/promises'
import type { Request } from 'express'
import { errnoOf } from '../../linux/linux.ts'
import { inDirectory } from '../../linux/resolve-path.ts'
import { type FileStatus, statusOfStats } from '../../linux/root/status.ts'
import { etagOf } from '../../transfer/source.ts'
import { Problem } from '../problem.ts'

/** `If-Match` and `If-None-Match` of what changes a file, RFC 9110 §13.1: somebody else's change is not lost unseen. */
export class Precondition {
  readonly #match: string | undefined
  readonly #noneMatch: string | undefined

  constructor(request: Request) {
    this.#match = request.get('If-Match')
    this.#noneMatch = request.get('If-None-Match')
  }

  /** For an upload that goes on later: under other conditions it is another one. */
  get identity(): string {
    return `${this.#match ?? ''} ${this.#noneMatch ?? ''}`
  }

  get wantsNew(): boolean {
    return this.#noneMatch?.trim() === '*'
  }

  /** Throws Problem `precondition_failed` where what stands under a name in a directory isn't what is expected. */
  readonly check = async (directory: { fd: number }, name: Buffer): Promise<void> => {
    if (this.#match === undefined && this.#noneMatch === undefined) return
    const status = await statusIn(directory, name)
    const etag = status && etagOf(status)
    if (this.#match !== undefined && !names(this.#match, etag)) throw changed(etag, 'another version is there')
    if (this.#noneMatch !== undefined && names(this.#noneMatch, etag)) throw changed(etag, 'it is there already')
  }
}

async function statusIn(directory: { fd: number }, name: Buffer): Promise<FileStatus | undefined> {
  try {
    return statusOfStats(await lstat(inDirectory(directory, name), { bigint: true }))
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined
    throw error
  }
}

function names(header: string, etag: string | undefined): boolean {
  if (etag === undefined) return false
  const words = header.split(',').map(word => word.trim())
  return words.includes('*') || words.includes(etag)
}

const changed = (etag: string | undefined, message: string) =>
  new Problem('precondition_failed', etag === undefined ? 'nothing is there' : message, {
    remedy: 'look at it again, and send the change for what is there now',
    headers: etag === undefined ? {} : { ETag: etag },
  })
