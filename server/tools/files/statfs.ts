import { statfs } from 'node:fs/promises'
import { mayHang } from '../../linux/scout/may-hang.ts'
import { statfsNow } from '../../linux/statfs-now.ts'
import { type ByteText, bytesOf, textFields } from './byte-text.ts'
import type { FilesEvent, Looking } from './run.ts'
import type { FileSystemEvent } from './schema.ts'

/** The file systems that the named stand on. */
export async function* tellFileSystems(looking: Looking): AsyncGenerator<FilesEvent[]> {
  for (const path of looking.paths) {
    try {
      yield [await fileSystemOf(looking, path)]
      looking.tally.entries++
    } catch (error) {
      yield [await looking.troubles.of(error, path, { named: true })]
    }
  }
}

async function fileSystemOf({ root, naming, input }: Looking, path: ByteText): Promise<FileSystemEvent> {
  using place = await root.place(bytesOf(path), { follow: input.followLinks !== 'never' })
  const found = await statfs(`/proc/self/fd/${place.fd}`)
  const fsType = naming.fsTypeOf(await place.status())
  const more = fsType !== null && !mayHang(fsType) ? await statfsNow(place.fd) : undefined
  return {
    type: 'filesystem',
    ...textFields('path', path),
    magic: found.type,
    fsType,
    id: more?.id ?? null,
    nameMaximum: more?.nameMaximum ?? null,
    fragmentSizeBytes: more?.fragmentSizeBytes ?? null,
    blockSizeBytes: found.bsize,
    blocks: found.blocks,
    freeBlocks: found.bfree,
    availableBlocks: found.bavail,
    inodes: found.files,
    freeInodes: found.ffree,
  }
}
