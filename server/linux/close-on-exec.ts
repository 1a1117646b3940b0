import { checked, openLibc } from './libc.ts'

const setDescriptorFlags = 2
const closeOnExecFlag = 1

/** Gives a function that marks a descriptor so that no program started later inherits it: F_SETFD, fcntl(2). */
export async function loadCloseOnExec(): Promise<(descriptor: number) => void> {
  const libc = await openLibc()
  const fcntl = libc.func<(fd: number, command: number, type: 'int', flags: number) => number>(
    'int fcntl(int fd, int cmd, ...)',
  )
  return descriptor => {
    checked(libc, 'fcntl', fcntl(descriptor, setDescriptorFlags, 'int', closeOnExecFlag))
  }
}
