import type { Linux } from '../linux.ts'

export const namespaceKinds = ['cgroup', 'ipc', 'mnt', 'net', 'pid', 'time', 'user', 'uts'] as const
export type NamespaceKind = (typeof namespaceKinds)[number]

/** The pid namespace that boots with the kernel: PROC_PID_INIT_INO, include/linux/proc_ns.h. */
export const initialPidNamespace = 0xeffffffc

/** `mnt:[4026532469]` to its inode number, which identifies it while it lives. NaN when it is no namespace. */
export const parseNamespace = (link: string): number => Number(/\[(\d+)\]$/.exec(link)?.[1])

/** Ptrace-checked, except for oneself. Source: proc_ns_readlink(), fs/proc/namespaces.c. */
export const readNamespace = (linux: Linux, pid: number | 'self', kind: NamespaceKind): number =>
  parseNamespace(linux.readlink(`/proc/${pid}/ns/${kind}`))
