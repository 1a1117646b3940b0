import { isatty } from 'node:tty'
import type { House } from './house.ts'

/** Says where the server is; with the token only to a person, never to a pipe or a log. */
export function announce({ port, url, urlWithToken }: House, wishedPort: number): void {
  if (port !== wishedPort && wishedPort !== 0) console.log(`Port ${wishedPort} is taken, so this is ${port}.`)
  console.log(`ditty is at ${isatty(1) ? urlWithToken : url}`)
  if (!isatty(1)) console.log('ditty url, run beside it as the same user, prints the address with the token.')
}
