import type { Linux } from '../../../linux/linux.ts'
import { readSmapsRollup } from '../../../linux/procfs/pid-smaps-rollup.ts'
import type { PsDetails } from '../schema.ts'

/** Shared pages as a whole and by the share of each, and what the process holds alone. */
export function readMemory(linux: Linux, pid: number): NonNullable<PsDetails['memory']> {
  const lines = readSmapsRollup(linux, pid)
  const bytes = (name: string) => lines.get(name) ?? null
  return {
    rssBytes: bytes('Rss'),
    pssBytes: bytes('Pss'),
    pssAnonBytes: bytes('Pss_Anon'),
    pssFileBytes: bytes('Pss_File'),
    pssShmemBytes: bytes('Pss_Shmem'),
    sharedCleanBytes: bytes('Shared_Clean'),
    sharedDirtyBytes: bytes('Shared_Dirty'),
    privateCleanBytes: bytes('Private_Clean'),
    privateDirtyBytes: bytes('Private_Dirty'),
    anonymousBytes: bytes('Anonymous'),
    anonHugePagesBytes: bytes('AnonHugePages'),
    swapBytes: bytes('Swap'),
    swapPssBytes: bytes('SwapPss'),
    lockedBytes: bytes('Locked'),
  }
}
