import { type Cast, CastReader } from '../../server/protocol/asciicast-reader.ts'
import { ApiError } from '../api/client.ts'

/** Where a recording comes from, and how a person gets its file. */
export interface CastSource {
  title: string
  open(signal: AbortSignal): Promise<ReadableStream<Uint8Array<ArrayBuffer>>>
  /** Its address, where it has one to download it from. */
  download?: string
}

export const fileSource = (file: File): CastSource => ({ title: file.name, open: async () => file.stream() })

export const urlSource = (url: URL, title: string): CastSource => ({
  title,
  download: url.href,
  async open(signal) {
    const response = await fetch(url, { signal })
    if (!response.ok || !response.body) throw new ApiError(response.status, `HTTP ${response.status}`)
    return response.body
  },
})

/** Throws CastError for what is no recording, ApiError where the server has none. `progress` is told the bytes so far. */
export async function load(source: CastSource, signal: AbortSignal, progress: (bytes: number) => void): Promise<Cast> {
  const reader = new CastReader()
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  let bytes = 0
  const stream = (await source.open(signal)).getReader()
  try {
    for (let read = await stream.read(); !read.done; read = await stream.read()) {
      signal.throwIfAborted()
      bytes += read.value.length
      reader.push(decoder.decode(read.value, { stream: true }))
      progress(bytes)
    }
    reader.push(decoder.decode())
    return reader.end()
  } finally {
    stream.cancel().catch(() => undefined)
  }
}
