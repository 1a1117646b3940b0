import { type Libc, openLibc } from './libc.ts'

/**
 * A call of the C library that waits in one of libuv's threads, such as getaddrinfo with a dead name server: nothing can end it
 * for tens of seconds, and `process.exit` joins its thread. While one is under way, exit skips that: the kernel ends the thread.
 */
export async function besideExit<Value>(call: Promise<Value>): Promise<Value> {
  if (underWay++ === 0) process.on('exit', leave)
  try {
    // Loaded while the thread works, since an exit listener can't wait for it. Without koffi the exit is merely late.
    void openLibc().then(bindExit, () => undefined)
    return await call
  } finally {
    if (--underWay === 0) process.off('exit', leave)
  }
}

let underWay = 0
let exit: ((status: number) => void) | undefined
const bindExit = (libc: Libc) => {
  exit ??= libc.func<(status: number) => void>('void _exit(int status)')
}
const leave = (status: number) => exit?.(status)
