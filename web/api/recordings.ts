import { apiUrl, call } from './client.ts'

const pathOf = (id: string) => `terminals/${encodeURIComponent(id)}/recording`

/** Records a session from now on. Throws ApiError: 409 while there is a recording of it. */
export async function startRecording(id: string, input: boolean): Promise<void> {
  await call(pathOf(id), { method: 'POST', body: { input } })
}

/** Stops a recording that runs; forgets one that has stopped. */
export async function stopRecording(id: string): Promise<void> {
  await call(pathOf(id), { method: 'DELETE' })
}

export function recordingUrl(id: string, version: 2 | 3): URL {
  const url = apiUrl(pathOf(id))
  url.searchParams.set('format', `asciicast-v${version}`)
  return url
}
