import { words } from '../words.ts'
import { Conflicts } from './conflict.ts'
import type { Destination } from './destination.ts'
import type { Bundle } from './dropped.ts'
import { Panel } from './panel.ts'
import { Transfer } from './transfer.ts'

/** A drop of more things than this is one line in the panel. */
const maxLines = 20

let panel: Panel | undefined

/** Leaving the page ends what is under way; the browser asks first. */
addEventListener('beforeunload', event => panel?.isGoing && event.preventDefault())

/** Sends what was dropped or chosen. Resolves when it is there, or failed, which the panel tells. */
export async function upload(destination: Destination, bundles: readonly Bundle[]): Promise<void> {
  panel ??= new Panel()
  const conflicts = new Conflicts()
  const transfers = (bundles.length > maxLines ? [together(bundles)] : bundles).map(
    bundle => new Transfer(bundle, destination, conflicts),
  )
  for (const transfer of transfers) panel.add(transfer)
  await Promise.all(transfers.map(transfer => transfer.run()))
}

const together = (bundles: readonly Bundle[]): Bundle => ({
  name: words.files.items(bundles.length),
  isFolder: true,
  async *items() {
    for (const bundle of bundles) yield* bundle.items()
  },
})
