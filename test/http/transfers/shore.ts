import { createHash } from 'node:crypto'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { TerminalsOptions } from '../../../server/http/terminals.ts'
import { serveTerminals } from '../serve-terminals.ts'

export const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

/** Bytes that look random and are the same each time. */
export function noise(length: number): Buffer<ArrayBuffer> {
  const bytes = Buffer.from(new ArrayBuffer(length))
  for (let at = 0, state = 1; at + 4 <= length; at += 4) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    bytes.writeUInt32LE(state, at)
  }
  return bytes
}

export async function makeDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'ditty-transfer-'))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  return directory
}

/** Everything below a directory by its path, `/` behind folders. */
export async function treeOf(directory: string): Promise<string[]> {
  const found = await readdir(directory, { recursive: true, withFileTypes: true })
  return found
    .map(entry => join(entry.parentPath, entry.name).slice(directory.length + 1) + (entry.isDirectory() ? '/' : ''))
    .sort()
}

/** A server, and a terminal that stands in a directory of its own; `command` stays there by default. */
export async function openShore(options: Partial<TerminalsOptions> = {}, terminal: object = {}) {
  const server = await serveTerminals(options)
  const directory = await makeDirectory()
  const { id } = await server.create({ cwd: directory, command: ['cat'], ...terminal })
  const root = `/api/v1/terminals/${id}`
  const begin = (wish: object) => server.api(`${root}/uploads`, { body: wish })
  const append = (location: string, offset: number, body: BodyInit, headers: Record<string, string> = {}) =>
    fetch(server.url + location, {
      method: 'PATCH',
      body,
      duplex: 'half',
      headers: {
        Authorization: `Bearer ${server.token}`,
        'Content-Type': 'application/partial-upload',
        'Upload-Offset': String(offset),
        ...headers,
      },
    } as RequestInit)
  return {
    ...server,
    id,
    root,
    directory,
    begin,
    append,
    /** A whole upload, in one piece. */
    async upload(path: string, bytes: Uint8Array<ArrayBuffer>, wish: object = {}) {
      const begun = await begin({ path, sizeBytes: bytes.length, ...wish })
      if (begun.status !== 201 || bytes.length === 0) return begun
      return append(begun.headers.get('Location')!, 0, bytes)
    },
    download: (path: string | Buffer, headers: Record<string, string> = {}, query = '') =>
      server.api(`${root}/files?path=${percentEncoded(path)}${query}`, { headers }),
  }
}

export type Shore = Awaited<ReturnType<typeof openShore>>

/** Of every byte, so that any name can be asked for. */
export const percentEncoded = (path: string | Buffer) =>
  [...Buffer.from(path as string)].map(byte => `%${byte.toString(16).padStart(2, '0')}`).join('')
