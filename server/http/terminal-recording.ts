import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Request, Response } from 'express'
import { ToolError } from '../core/errors.ts'
import { parseInput } from '../core/input.ts'
import type { Recorder, RecordingRefusal } from '../terminal/recording/recorder.ts'
import { recordingRequest } from '../terminal/session-info.ts'
import { queryOf } from './path.ts'
import { Problem } from './problem.ts'

export const castType = 'application/x-asciicast'

const versions = { 'asciicast-v3': 3, 'asciicast-v2': 2 } as const
export const castFormats = Object.keys(versions)

export async function startRecording(recorder: Recorder, { body }: Request, response: Response): Promise<void> {
  const { input } = await parseInput(recordingRequest, body)
  const refusal = await recorder.start(input)
  if (refusal) throw problemOf[refusal]()
  response.status(201).json(recorder.state)
}

export function stopRecording(recorder: Recorder, response: Response): void {
  if (!recorder.stop()) throw noRecording()
  response.status(204).end()
}

/** Sends the file as it is by now; a recording that runs goes on. */
export async function sendRecording(recorder: Recorder, request: Request, response: Response): Promise<void> {
  const { recording } = recorder
  const version = versionOf(request)
  if (!recording) throw noRecording()
  const { castFile } = await import('../terminal/recording/cast-file.ts')
  response.attachment(fileName(recording.header.title ?? '', recording.state.startTime)).set('Content-Type', castType)
  // A client that hangs up is no fault of ours.
  await pipeline(Readable.from(castFile(recording, version), { objectMode: false }), response).catch(() => undefined)
}

function versionOf(request: Request): 2 | 3 {
  const format = queryOf(request).get('format') ?? 'asciicast-v3'
  if (format in versions) return versions[format as keyof typeof versions]
  const message = `is ${castFormats.join(' or ')}`
  throw new ToolError('invalid_input', `format ${message}`, { fields: [{ path: 'format', message }] })
}

/** `name 2026-07-01 12.30.cast`: no character that a file system refuses. */
function fileName(title: string, startTime: string): string {
  const name = title.replaceAll(/[\p{Cc}/\\:*?"<>|]+/gu, '-').replace(/^[.\s-]+/, '')
  return `${name.slice(0, 80) || 'terminal'} ${startTime.slice(0, 16).replace('T', ' ').replace(':', '.')}.cast`
}

const noRecording = () =>
  new ToolError('not_found', 'nothing of this terminal was recorded', {
    remedy: 'POST to the same path starts a recording',
  })

const problemOf: Record<RecordingRefusal, () => Error> = {
  running: () => new Problem('conflict', 'this terminal is being recorded', { remedy: 'DELETE stops the recording' }),
  kept: () =>
    new Problem('conflict', 'an earlier recording of this terminal is kept', {
      remedy: 'download it; DELETE then forgets it',
    }),
  ended: () => new Problem('conflict', 'this terminal has ended'),
  full: () =>
    new ToolError('unavailable', 'recordings take all the memory they may', {
      remedy: 'DELETE one of another terminal twice: that stops and forgets it',
    }),
}
