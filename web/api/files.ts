import { ApiError, apiUrl, call, problemOf } from './client.ts'

const routeOf = (terminal: string, rest: string) => `terminals/${encodeURIComponent(terminal)}/${rest}`

/** A directory that stays the same while the shell goes elsewhere. */
export interface Place {
  place: string
  directory: string
}

/** Where the shell stands now. Throws ApiError. */
export const keepPlace = async (terminal: string): Promise<Place> =>
  (await call(routeOf(terminal, 'places'), { method: 'POST' })) as Place

export interface UploadWish {
  path: string
  place: string
  sizeBytes?: number
  modifiedTime?: number
  overwrite?: boolean
  directory?: boolean
}

export interface Begun {
  /** null for a directory. */
  id: string | null
  offset: number
  complete: boolean
}

/** Throws ApiError with the code `already_exists` where something is there. */
export const beginUpload = async (terminal: string, wish: UploadWish): Promise<Begun> =>
  (await call(routeOf(terminal, 'uploads'), { method: 'POST', body: wish })) as Begun

const uploadRoute = (terminal: string, id: string) => routeOf(terminal, `uploads/${encodeURIComponent(id)}`)

export async function cancelUpload(terminal: string, id: string): Promise<void> {
  await call(uploadRoute(terminal, id), { method: 'DELETE' })
}

export interface Standing {
  offset: number
  complete: boolean
}

/** How far it is; also ends a request of ours that hangs on a dead connection. */
export const readUpload = (terminal: string, id: string, signal: AbortSignal): Promise<Standing> =>
  sendBytes('HEAD', apiUrl(uploadRoute(terminal, id)), { signal })

export interface Slice {
  offset: number
  bytes: Blob
  onProgress(sentBytes: number): void
}

/** Sends bytes that follow those that are there. */
export const appendUpload = (terminal: string, id: string, slice: Slice, signal: AbortSignal): Promise<Standing> =>
  sendBytes('PATCH', apiUrl(uploadRoute(terminal, id)), {
    signal,
    headers: { 'Content-Type': 'application/partial-upload', 'Upload-Offset': String(slice.offset) },
    slice,
  })

interface Sent {
  signal: AbortSignal
  headers?: Record<string, string>
  slice?: Slice
}

/** Sends a part of a file, or asks how far it is. Not by fetch, which tells nothing of how far a body has gone. Throws ApiError. */
export function sendBytes(method: string, url: URL, { signal, headers = {}, slice }: Sent): Promise<Standing> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    const abort = () => request.abort()
    request.open(method, url)
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value)
    if (slice) request.upload.onprogress = ({ loaded }) => slice.onProgress(loaded)
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) resolve(standingOf(request))
      else reject(problemOf(request.status, request.responseText))
    }
    request.onerror = () => reject(new ApiError(0, 'no answer'))
    request.onabort = () => reject(signal.reason)
    request.onloadend = () => signal.removeEventListener('abort', abort)
    signal.addEventListener('abort', abort)
    if (signal.aborted) reject(signal.reason)
    else request.send(slice?.bytes ?? null)
  })
}

/** A PUT that made the file tells no offset. */
const standingOf = (request: XMLHttpRequest): Standing => ({
  offset: Number(request.getResponseHeader('Upload-Offset')),
  complete: request.getResponseHeader('Upload-Complete') !== '?0',
})

/** The address of a file in the shell's tree, by its path's bytes. */
export function fileUrl(terminal: string, path: Uint8Array, isFolder: boolean): URL {
  const escaped = Array.from(path, byte => `%${byte.toString(16).padStart(2, '0')}`).join('')
  return apiUrl(`${routeOf(terminal, 'files')}?path=${escaped}${isFolder ? '&archive=zip' : ''}`)
}

export const offerUrl = (terminal: string, id: string, isFolder: boolean): URL =>
  apiUrl(`${routeOf(terminal, `offers/${encodeURIComponent(id)}`)}${isFolder ? '?archive=zip' : ''}`)

export async function declineOffer(terminal: string, id: string): Promise<void> {
  await call(routeOf(terminal, `offers/${encodeURIComponent(id)}`), { method: 'DELETE' })
}
