import { expect, test } from 'vitest'
import { checked, openLibc, pinned, SystemError } from '../../server/linux/libc.ts'
import { errnoOf } from '../../server/linux/linux.ts'

test('libc is opened once and calls what a prototype names', async () => {
  const libc = await openLibc()
  expect(await openLibc()).toBe(libc)
  expect(libc.func<() => number>('int getpid()')()).toBe(process.pid)
})

test('a failed call throws an error of the shape that Node gives its own', async () => {
  const libc = await openLibc()
  const close = libc.func<(fd: number) => number>('int close(int fd)')
  const failing = () => checked(libc, 'close', close(-1))
  expect(failing).toThrow(new SystemError(9, 'close'))
  expect(failing).toThrow('close: bad file descriptor')
  expect(errnoOf(new SystemError(9, 'close'))).toBe('EBADF')
  expect(errnoOf(new SystemError(12345, 'close'))).toBe('errno 12345')
})

test('pinned memory is written by the kernel through its address', async () => {
  const libc = await openLibc()
  const bytes = pinned(16)
  const gettime = libc.func<(clock: number, at: bigint) => number>('int clock_gettime(int clock, uintptr_t at)')
  checked(libc, 'clock_gettime', gettime(0, libc.address(bytes)))
  expect(Math.abs(Number(bytes.readBigInt64LE(0)) - Date.now() / 1000)).toBeLessThan(60)
})
