import type { CgroupFiles } from '../cgroup-files.ts'
import type { CgroupDevice } from '../resources.ts'

/**
 * The blkio controller of v1, cgroups below included: `254:0 Read 4096`, `254:0 Write 0`, … `Total 4096`. io of page cache that is
 * written back belongs to nobody here. Source: blkg_prfill_rwstat(), block/blk-cgroup-rwstat.c.
 */
export function readBlkioV1(files: CgroupFiles): CgroupDevice[] | null {
  const bytes = files.parsed('blkio.throttle.io_service_bytes_recursive', parseRwstat)
  const operations = files.parsed('blkio.throttle.io_serviced_recursive', parseRwstat)
  if (bytes === null || operations === null) return null
  return [...bytes].map(([device, { read, write }]) => ({
    device,
    readBytes: read,
    writtenBytes: write,
    readOperations: operations.get(device)?.read ?? 0,
    writeOperations: operations.get(device)?.write ?? 0,
  }))
}

interface ReadWrite {
  read: number
  write: number
}

/** Undefined without the `Total` line that ends it. */
export function parseRwstat(text: string): Map<string, ReadWrite> | undefined {
  if (!/^Total \d+$/m.test(text)) return undefined
  const devices = new Map<string, ReadWrite>()
  for (const [, device, kind, value] of text.matchAll(/^(\d+:\d+) (Read|Write) (\d+)$/gm)) {
    const counts = devices.get(device!) ?? { read: 0, write: 0 }
    counts[kind === 'Read' ? 'read' : 'write'] = Number(value)
    devices.set(device!, counts)
  }
  return devices
}
