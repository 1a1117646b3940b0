import type { Linux } from '../linux.ts'

/** `MemTotal:       24684084 kB`: memory the kernel may use, of the whole node even inside a container. */
export const parseMemTotalKib = (text: string): number => Number(/^MemTotal:\s+(\d+) kB/m.exec(text)?.[1])

export const readMemTotalKib = (linux: Linux) => parseMemTotalKib(linux.peek('/proc/meminfo').toString('latin1'))
