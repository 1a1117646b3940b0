import type { RecordingState } from '../../server/protocol/terminal-frames.ts'
import { recordingUrl, stopRecording } from '../api/recordings.ts'
import { sizeText } from '../bytes.ts'
import { element } from '../page/element.ts'
import { openSheet, type Sheet } from '../page/sheet.ts'
import { clockText } from '../player/timeline.ts'
import { words } from '../words.ts'
import type { Recorded } from './recorded.ts'

/** What can be done with a recording that runs or is kept. */
export function openRecordingPanel({ id, state, title, play, fail }: Recorded): void {
  let sheet: Sheet | undefined
  const button = (label: string, run: () => void, kind = '') => {
    const made = element(
      'button',
      { type: 'button', class: `button ${kind}`, ...(kind === 'main' ? { autofocus: '' } : {}) },
      label,
    )
    made.addEventListener('click', () => {
      sheet?.close()
      run()
    })
    return made
  }
  const end = () => void stopRecording(id).catch(fail)
  const download = (version: 2 | 3) =>
    element('a', { href: recordingUrl(id, version).href, download: '' }, `asciicast v${version}`)
  const isRunning = state.stopped === null
  sheet = openSheet(
    { title: isRunning ? words.recording : words.recorded, kind: 'recording-panel' },
    element('p', { class: 'faint' }, `${title} · ${factsOf(state)}`),
    ...(state.stopped ? [element('p', {}, words.recordingStopped[state.stopped])] : []),
    element('p', {}, `${words.download}: `, download(3), ' · ', download(2)),
    element('p', { class: 'faint' }, words.recordingKept),
    element(
      'div',
      { class: 'actions' },
      button(isRunning ? words.stopRecording : words.forgetRecording, end),
      button(words.playRecording, play, 'main'),
    ),
  )
}

function factsOf({ durationMs, sizeBytes, input }: RecordingState): string {
  return [clockText(durationMs), sizeText(sizeBytes), input ? words.withInput : words.withoutInput].join(' · ')
}

/** Asked before what is typed is recorded. */
export function askForInput(begin: () => void): void {
  const start = element('button', { type: 'button', class: 'button main' }, words.record)
  const sheet = openSheet(
    { title: words.recordInput, kind: 'recording-panel' },
    element('p', {}, words.recordInputHelp),
    element('p', { class: 'faint' }, words.recordInputHidden),
    element('div', { class: 'actions' }, start),
  )
  start.addEventListener('click', () => {
    sheet.close()
    begin()
  })
  start.focus()
}
