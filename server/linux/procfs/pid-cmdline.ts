import type { Linux } from '../linux.ts'

/**
 * The arguments, without the NULs that end them. Empty for kernel threads and zombies. A process may write anything here
 * (setproctitle), so bytes that aren't UTF-8 become U+FFFD. Source: get_mm_cmdline(), fs/proc/base.c.
 */
export function parsePidCmdline(bytes: Buffer): string[] {
  const end = endOfText(bytes)
  if (end === 0 && bytes.length < 2) return []
  const whole = bytes.toString('utf8', 0, bytes.at(-1) === 0 ? bytes.length - 1 : bytes.length)
  return whole.split('\0')
}

export const readPidCmdline = (linux: Linux, pid: number) => parsePidCmdline(linux.read(`/proc/${pid}/cmdline`))

/** The arguments as one line with spaces between, as `ps` shows them; trailing empty ones are left out. */
export function joinPidCmdline(bytes: Buffer): string {
  const end = endOfText(bytes)
  for (let at = 0; at < end; at++) if (bytes[at] === 0) bytes[at] = 0x20
  return bytes.toString('utf8', 0, end)
}

function endOfText(bytes: Buffer): number {
  let end = bytes.length
  while (end > 0 && bytes[end - 1] === 0) end--
  return end
}
