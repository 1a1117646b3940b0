import { recordingUrl, startRecording, stopRecording } from '../api/recordings.ts'
import type { CastSource } from '../player/load.ts'
import { words } from '../words.ts'
import type { Command, Feature } from '../workspace/feature.ts'
import type { Pane } from '../workspace/pane.ts'
import type { Workspace } from '../workspace/workspace.ts'
import { RecordingLamp } from './lamp.ts'
import { askForInput, openRecordingPanel } from './panel.ts'

const stateOf = (pane: Pane | undefined) => pane?.view.state?.recording ?? undefined
const isRecording = ({ pane }: Workspace) => stateOf(pane)?.stopped === null
const canRecord = (workspace: Workspace) =>
  workspace.pane?.view.id !== undefined && !workspace.pane.view.isOver && !isRecording(workspace)

const fail = (pane: Pane) => (error: unknown) =>
  pane.status.show(pane.status.phase, words.notRecorded(error instanceof Error ? error.message : String(error)))

/** A recording that is kept makes way: whoever wanted it has had the panel for it. */
async function record(pane: Pane, input: boolean): Promise<void> {
  const { id } = pane.view
  if (id === undefined) return
  if (stateOf(pane)) await stopRecording(id)
  await startRecording(id, input)
}

function begin(pane: Pane, input: boolean): void {
  pane.focus()
  void record(pane, input).catch(fail(pane))
}

/** The player is a chunk of its own, with an emulator's add-ons, and loaded when first wanted. */
async function play(pane: Pane | undefined, source?: CastSource): Promise<void> {
  const { openPlayer } = await import('../player/player.ts')
  await openPlayer(source)
  pane?.focus()
}

async function playSession(pane: Pane): Promise<void> {
  const { view, title } = pane
  if (view.id === undefined) return
  const { urlSource } = await import('../player/load.ts')
  await play(pane, urlSource(recordingUrl(view.id, 3), title))
}

function openPanel(pane: Pane): void {
  const [id, state] = [pane.view.id, stateOf(pane)]
  if (id === undefined || !state) return
  openRecordingPanel({ id, state, title: pane.title, play: () => void playSession(pane), fail: fail(pane) })
}

const onPane = (run: (pane: Pane) => void) => (workspace: Workspace) => workspace.pane && run(workspace.pane)

const commands: Command[] = [
  {
    group: 'session',
    label: ({ pane }) => (stateOf(pane) ? words.recordAgain : words.record),
    isOffered: canRecord,
    run: onPane(pane => begin(pane, false)),
  },
  {
    group: 'session',
    label: words.recordInput,
    isOffered: canRecord,
    run: onPane(pane => askForInput(() => begin(pane, true))),
  },
  {
    group: 'session',
    label: words.stopRecording,
    isOffered: isRecording,
    run: onPane(pane => {
      pane.focus()
      stopRecording(pane.view.id ?? '').catch(fail(pane))
    }),
  },
  {
    group: 'session',
    label: words.playRecording,
    isOffered: ({ pane }) => stateOf(pane) !== undefined,
    run: onPane(pane => void playSession(pane)),
  },
  {
    group: 'session',
    label: words.recordingDetails,
    isOffered: ({ pane }) => stateOf(pane) !== undefined,
    run: onPane(openPanel),
  },
  { group: 'page', label: words.openRecording, run: ({ pane }) => void play(pane) },
]

/** Recording a session, and the player. */
export const recording: Feature = {
  commands,
  addTo(pane, workspace) {
    const lamp = new RecordingLamp(workspace.isGuest ? undefined : () => openPanel(pane))
    const draw = () => {
      const state = stateOf(pane)
      if (state) lamp.show(state)
      else lamp.stop()
      pane.status.setChip('recording', state ? lamp.element : undefined)
    }
    pane.whenClosed(pane.view.onState(draw))
    pane.whenClosed(pane.view.onShown(draw))
    pane.whenClosed(() => lamp.stop())
  },
}
