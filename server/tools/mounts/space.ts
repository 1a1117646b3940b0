import type { FileSystemSpace } from '../../linux/scout/look.ts'
import type { Space } from './schema.ts'

/** statfs(2) as df counts: what is used is what isn't free, and root's reserve belongs to nobody. */
export function spaceOf({ bsize, frsize, blocks, bfree, bavail, files, ffree }: FileSystemSpace): Space {
  const block = Number(frsize || bsize)
  const used = blocks - bfree
  const inodesUsed = files - ffree
  return {
    sizeBytes: Number(blocks) * block,
    usedBytes: Number(used) * block,
    availableBytes: Number(bavail) * block,
    usedPercent: percentOf(Number(used), Number(bavail)),
    inodes: Number(files),
    inodesUsed: Number(inodesUsed),
    inodesFree: Number(ffree),
    inodesUsedPercent: percentOf(Number(inodesUsed), Number(ffree)),
    blockBytes: block,
    blocks: Number(blocks),
    blocksFree: Number(bfree),
    blocksAvailable: Number(bavail),
  }
}

/** Rounded up, as df does; null where there is nothing to take a part of. */
export function percentOf(used: number, available: number): number | null {
  const all = used + available
  if (all === 0) return null
  const percent = Math.ceil((used * 100) / all)
  return percent >= 0 ? percent : null
}
