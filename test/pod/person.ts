import { setTimeout as delay } from 'node:timers/promises'
import { openPty } from '../../server/terminal/pty.ts'
import { environment, root } from './podman.ts'

/** Someone at podman on a real PTY of 100 by 30. */
export async function sitDown(...args: string[]) {
  const left = Promise.withResolvers<number>()
  let screen = ''
  const plain = () => screen.replace(/\x1b\[[\d;?]*[a-zA-Z]|\x1b\][^\x07]*\x07/g, '')
  const { PATH = '', CONTAINERS_CONF = '' } = environment
  const pty = await openPty(
    {
      file: '/usr/bin/podman',
      args,
      cwd: root,
      environment: { PATH, CONTAINERS_CONF, TERM: 'xterm-256color', LANG: 'C.UTF-8', HOME: '/root' },
    },
    { cols: 100, rows: 30 },
    {
      readable(bytes) {
        screen += Buffer.from(bytes).toString()
      },
      drain: () => undefined,
      exit: status => left.resolve(status),
      end: () => undefined,
    },
  )
  return {
    left: left.promise,
    types: (text: string) => pty.input.write(Buffer.from(text)),
    async sees(pattern: RegExp): Promise<void> {
      const deadline = performance.now() + 10_000
      while (!pattern.test(plain())) {
        if (performance.now() > deadline) throw new Error(`${pattern} was not seen in ${JSON.stringify(plain())}`)
        await delay(20)
      }
    },
  }
}
