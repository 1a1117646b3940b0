import type { ApiError } from '../api/client.ts'
import { keepPlace } from '../api/files.ts'
import type { Status } from '../page/status.ts'
import { words } from '../words.ts'
import { Conflicts } from './conflict.ts'
import type { Bundle } from './dropped.ts'
import { Panel } from './panel.ts'
import { Transfer } from './transfer.ts'

/** A drop of more things than this is one line in the panel. */
const maxLines = 20

let panel: Panel | undefined

/** Leaving the page ends what is under way; the browser asks first. */
addEventListener('beforeunload', event => panel?.isGoing && event.preventDefault())

/** Uploads what was dropped or chosen to where the shell of a terminal stands. */
export async function upload(terminal: string, bundles: readonly Bundle[], status: Status): Promise<void> {
  if (bundles.length === 0) return
  const place = await keepPlace(terminal).catch((error: ApiError) => error)
  if (place instanceof Error) {
    status.show(status.phase, place.status === 0 ? words.unreachable : place.message)
    return
  }
  panel ??= new Panel()
  const conflicts = new Conflicts()
  for (const bundle of bundles.length > maxLines ? [together(bundles)] : bundles) {
    const transfer = new Transfer(bundle, terminal, place, conflicts)
    panel.add(transfer)
    void transfer.run()
  }
}

const together = (bundles: readonly Bundle[]): Bundle => ({
  name: words.files.items(bundles.length),
  isFolder: true,
  async *items() {
    for (const bundle of bundles) yield* bundle.items()
  },
})
