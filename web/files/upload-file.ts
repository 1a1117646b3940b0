import { ApiError } from '../api/client.ts'
import type { Standing } from '../api/files.ts'
import { Backoff } from '../terminal/backoff.ts'
import { onWake } from '../terminal/wake.ts'
import type { Destination, Sending } from './destination.ts'

/** A request of the server may take 60 s. A slice takes about this many ms, so that little is sent twice after a cut. */
const sliceMs = 2000
const firstSliceBytes = 1 << 20
const leastSliceBytes = 1 << 18
const mostSliceBytes = 1 << 24

/** Nothing answered, or a proxy before the server said that it can't reach it; 401: the page asks for the token meanwhile. */
const passing = [0, 401, 408, 429, 502, 504]

export type Answer = 'replace' | 'skip'

/** What a file's upload needs to know and tells. */
export interface UploadEvents {
  /** Of this file, also those that were there from before. */
  progress(bytes: number): void
  /** The connection is lost, or is back. */
  waiting(isWaiting: boolean): void
  exists(path: string): Promise<Answer>
}

export interface FileUpload {
  destination: Destination
  path: string
  file: File
  signal: AbortSignal
}

/** It can no longer be read on this side. */
export class UnreadableError extends Error {
  override readonly name = 'UnreadableError'
}

/** The server no longer knows the upload: an hour without a byte. It begins again, and fails there if the place is gone too. */
class ForgottenError extends Error {}

let sliceBytes = firstSliceBytes

/**
 * Sends a file in slices and, after a cut, goes on at the byte where it stands. Throws ApiError, UnreadableError, or the signal's
 * reason, and then leaves nothing behind.
 */
export async function uploadFile(upload: FileUpload, events: UploadEvents): Promise<'done' | 'skipped'> {
  let overwrite = false
  for (;;) {
    try {
      await sendAll(upload, overwrite, events)
      return 'done'
    } catch (error) {
      if (error instanceof ForgottenError) continue
      if (!(error instanceof ApiError && error.code === 'already_exists')) throw error
      if ((await events.exists(upload.path)) === 'skip') return 'skipped'
      overwrite = true
    }
  }
}

async function sendAll(upload: FileUpload, overwrite: boolean, events: UploadEvents): Promise<void> {
  const { destination, path, file, signal } = upload
  const sending = await persevering(upload, events, () => destination.begin({ path, file, overwrite }, signal))
  try {
    for (let standing = sending.begun; !standing.complete; ) {
      events.progress(standing.offset)
      standing = await sendSlice(upload, sending, standing.offset, events)
    }
    events.progress(file.size)
  } catch (error) {
    void sending.cancel().catch(() => undefined)
    signal.throwIfAborted()
    throw error instanceof ApiError && error.status === 404 ? new ForgottenError() : error
  }
}

async function sendSlice(
  upload: FileUpload,
  sending: Sending,
  offset: number,
  events: UploadEvents,
): Promise<Standing> {
  const { file, signal } = upload
  const bytes = file.slice(offset, offset + sliceBytes)
  const started = performance.now()
  const onProgress = (sent: number) => events.progress(offset + sent)
  try {
    const standing = await sending.append({ offset, bytes, onProgress }, signal)
    adapt(bytes.size, performance.now() - started)
    return standing
  } catch (error) {
    signal.throwIfAborted()
    if (!(error instanceof ApiError)) throw error
    if (!passing.includes(error.status) && error.code !== 'offset_mismatch') throw error
    if (error.status === 0) await checkReadable(file, offset)
    sliceBytes = Math.max(leastSliceBytes, sliceBytes / 2)
    return persevering(upload, events, () => sending.look(signal), error.code !== 'offset_mismatch')
  }
}

function adapt(bytes: number, ms: number): void {
  const wanted = (bytes * sliceMs) / Math.max(1, ms)
  sliceBytes = Math.round(Math.min(mostSliceBytes, sliceBytes * 2, Math.max(leastSliceBytes, wanted, sliceBytes / 2)))
}

/** A browser says the same of a file that went away and of a connection that did. */
async function checkReadable(file: File, offset: number): Promise<void> {
  try {
    await file.slice(offset, offset + 1).arrayBuffer()
  } catch (cause) {
    throw new UnreadableError('', { cause })
  }
}

/** Asks until something answers; tries at once when the network is back or the page is looked at. */
async function persevering<Value>(
  { signal }: FileUpload,
  { waiting }: UploadEvents,
  ask: () => Promise<Value>,
  isLost = false,
): Promise<Value> {
  const backoff = new Backoff()
  let isWaiting = false
  for (;;) {
    signal.throwIfAborted()
    try {
      if (isLost) await pause(backoff.nextMs(), signal)
      const value = await ask()
      if (isWaiting) waiting(false)
      return value
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof ApiError && passing.includes(error.status))) {
        if (isWaiting) waiting(false)
        throw error
      }
      isLost = true
      if (!isWaiting) waiting(true)
      isWaiting = true
    }
  }
}

/** Resolves after `ms`, or sooner when another try is worth it. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const end = () => {
      clearTimeout(timer)
      unwatch()
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    const unwatch = onWake(end)
    signal.addEventListener('abort', end)
  })
}
