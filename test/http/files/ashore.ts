import { onTestFinished } from 'vitest'
import { systemClock } from '../../../server/core/context.ts'
import { type FilesOptions, files } from '../../../server/http/files/routes.ts'
import { linuxAt } from '../../../server/linux/linux.ts'
import { openJail } from '../../kernel/root/jail.ts'
import { serve, token } from '../serve.ts'

/** A server that serves files, and a process in a root of its own, whose files they are. */
export async function openFiles(options: Partial<FilesOptions> = {}, uid?: number) {
  const jail = await openJail(uid === undefined ? {} : { uid })
  onTestFinished(() => jail[Symbol.asyncDispose]())
  const group = () => files({ linux: linuxAt('/'), clock: systemClock, ...options })
  const server = await serve({ groups: [async () => group()] })
  const address = (path: string, query = '') => `/api/v1/files${path}?target=${jail.pid}${query}`
  return {
    ...server,
    jail,
    address,
    get: (path: string, query = '', headers: Record<string, string> = {}) =>
      server.api(address(path, query), { headers }),
    /** As fetch takes it. */
    send: (method: 'PUT' | 'DELETE', path: string, init: RequestInit = {}, query = '') =>
      fetch(server.url + address(path, query), {
        method,
        ...init,
        duplex: 'half',
        headers: { Authorization: `Bearer ${token}`, ...init.headers },
      } as RequestInit),
  }
}
