/** System calls that a process is found waiting in, by number. Sources: arch/x86/entry/syscalls/syscall_64.tbl; include/uapi/asm-generic/unistd.h. */
const waiting: Partial<Record<NodeJS.Architecture, string>> = {
  x64: `0 read 1 write 3 close 7 poll 16 ioctl 17 pread64 18 pwrite64 19 readv 20 writev 23 select 34 pause 35 nanosleep 42 connect
    43 accept 44 sendto 45 recvfrom 46 sendmsg 47 recvmsg 61 wait4 65 semop 70 msgrcv 72 fcntl 73 flock 74 fsync 75 fdatasync 128 rt_sigtimedwait
    130 rt_sigsuspend 202 futex 220 semtimedop 230 clock_nanosleep 232 epoll_wait 247 waitid 257 openat 262 newfstatat 270 pselect6 271 ppoll
    275 splice 281 epoll_pwait 288 accept4 299 recvmmsg 332 statx 426 io_uring_enter 441 epoll_pwait2`,
  arm64: `22 epoll_pwait 25 fcntl 29 ioctl 32 flock 56 openat 57 close 63 read 64 write 65 readv 66 writev 67 pread64 68 pwrite64 72 pselect6 73 ppoll
    76 splice 79 newfstatat 82 fsync 83 fdatasync 95 waitid 98 futex 101 nanosleep 115 clock_nanosleep 133 rt_sigsuspend 137 rt_sigtimedwait
    188 msgrcv 192 semtimedop 193 semop 202 accept 203 connect 206 sendto 207 recvfrom 211 sendmsg 212 recvmsg 242 accept4 243 recvmmsg 260 wait4
    291 statx 426 io_uring_enter 441 epoll_pwait2`,
}

const names = new Map<number, string>()
for (const [, number, name = ''] of (waiting[process.arch] ?? '').matchAll(/(\d+) (\w+)/g))
  names.set(Number(number), name)

/** `epoll_wait`; the number for one that nobody waits in for long. */
export const syscallName = (number: number): string => names.get(number) ?? `syscall ${number}`
