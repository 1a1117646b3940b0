import type { CgroupFiles } from '../cgroup-files.ts'
import type { CgroupDevice } from '../resources.ts'

/** io.stat of v2: `8:0 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=0 dios=0`, cgroups below included. Source: blkcg_print_one_stat(), block/blk-cgroup.c. */
export const readIoV2 = (files: CgroupFiles): CgroupDevice[] | null => files.parsed('io.stat', parseIoStat)

/** Some devices have no numbers yet, and their lines end behind the device. */
export function parseIoStat(text: string): CgroupDevice[] | undefined {
  const lines = text.split('\n').filter(Boolean)
  const devices = lines.map(line => /^(\d+:\d+)((?: \w[\w.]*=\S+)*) ?$/.exec(line))
  if (devices.includes(null)) return undefined
  return devices.flatMap(match => {
    const [, device = '', words = ''] = match ?? []
    const values = new Map(words.split(' ').map(word => [word.split('=')[0]!, Number(word.split('=')[1])]))
    if (!values.has('rbytes')) return []
    const of = (key: string) => values.get(key) ?? 0
    return [
      {
        device,
        readBytes: of('rbytes'),
        writtenBytes: of('wbytes'),
        readOperations: of('rios'),
        writeOperations: of('wios'),
      },
    ]
  })
}
