/**
 * Reads one file of a process under a seccomp filter that answers openat2(2) with the errno that is asked for, as container
 * runtimes do which don't know that call. Words: pid, path, errno.
 */
import { checked, openLibc, pinned } from '../../../server/linux/libc.ts'
import { linuxAt } from '../../../server/linux/linux.ts'

const [pid = '', path = '', errno = ''] = process.argv.slice(2)

const PR_SET_NO_NEW_PRIVS = 38
const PR_SET_SECCOMP = 22
const SECCOMP_MODE_FILTER = 2
const SYS_openat2 = 437

/** struct sock_filter: u16 code, u8 jump if true, u8 jump if false, u32 value. seccomp(2). */
const program: [code: number, yes: number, no: number, value: number][] = [
  [0x20, 0, 0, 0],
  [0x15, 0, 1, SYS_openat2],
  [0x06, 0, 0, 0x00050000 | Number(errno)],
  [0x06, 0, 0, 0x7fff0000],
]

const libc = await openLibc()
const prctl = libc.func<(option: number, a: number, b: number | bigint, c: number, d: number) => number>(
  'int prctl(int, unsigned long, uintptr_t, unsigned long, unsigned long)',
)
const filter = pinned(program.length * 8)
program.forEach(([code, yes, no, value], index) => {
  filter.writeUInt16LE(code, index * 8)
  filter.writeUInt8(yes, index * 8 + 2)
  filter.writeUInt8(no, index * 8 + 3)
  filter.writeUInt32LE(value, index * 8 + 4)
})
const header = pinned(16)
header.writeUInt16LE(program.length, 0)
header.writeBigUInt64LE(libc.address(filter), 8)
checked(libc, 'prctl', prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
checked(libc, 'prctl', prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, libc.address(header), 0, 0))

const { directCalls } = await import('../../../server/linux/root/direct-calls.ts')
const refused = await directCalls().then(calls => {
  try {
    calls?.openInRoot(0, Buffer.from('/'), 0)
    return 'not refused'
  } catch (error) {
    return (error as NodeJS.ErrnoException).code
  }
})
using root = await linuxAt('/').openRoot!(Number(pid))
using file = await root.open(Buffer.from(path))
console.log(`${refused}: ${await file.beginning(100)}`)
