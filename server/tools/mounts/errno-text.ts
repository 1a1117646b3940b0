import { getSystemErrorMap } from 'node:util'

/** `No such file or directory` for ENOENT; what is no errno stays as it is. */
export function errnoText(errno: string): string {
  for (const [name, message] of getSystemErrorMap().values())
    if (name === errno) return message.charAt(0).toUpperCase() + message.slice(1)
  return errno
}
