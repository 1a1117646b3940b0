import { statfs } from 'node:fs/promises'

/** File systems that the kernel makes up, by statfs(2): endless, or with effects when read. include/uapi/linux/magic.h */
const madeUp = new Map([
  [0x9fa0, 'proc'],
  [0x62656572, 'sysfs'],
  [0x27e0eb, 'cgroup'],
  [0x63677270, 'cgroup'],
  [0x64626720, 'debugfs'],
  [0x74726163, 'tracefs'],
  [0x73636673, 'securityfs'],
  [0x1cd1, 'devpts'],
  [0xcafe4a11, 'bpf'],
])

/** The name of such a file system, where something stands in one. */
export const madeUpBy = async ({ fd }: { fd: number }): Promise<string | undefined> =>
  madeUp.get((await statfs(`/proc/self/fd/${fd}`)).type)
