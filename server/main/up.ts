import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { isatty } from 'node:tty'
import { announce } from './announce.ts'
import { guarded } from './guarded.ts'
import { openHouse } from './house.ts'
import { parseServeOptions, serveHelp } from './serve-options.ts'
import { homeEnvironment, homeShell } from './shell.ts'
import { untilEnded } from './until-ended.ts'

/** `ditty up`, what the image runs: a shell with the server behind it where a person looks, else the server alone. */
export const up = (words: string[]): Promise<number> =>
  guarded('ditty up', async () => {
    const options = parseServeOptions(words)
    if (!options)
      return serveHelp('up', 'A shell with the page and the API behind it; without a terminal, those alone.')
    const ended = untilEnded()
    await using house = await openHouse(options)
    announce(house, options.port)
    if (!isatty(0)) return await ended
    const shell = startShell()
    const status = await Promise.race([shell.ended, ended])
    shell.hangUp()
    return status
  })

/** The shell takes the terminal we stand on; signals that are typed reach it and not us. */
function startShell(): { ended: Promise<number>; hangUp(): void } {
  const { file, args, environment } = homeShell()
  const child = spawn(file, args, { stdio: 'inherit', env: { ...homeEnvironment(), ...environment } })
  const ended = new Promise<number>((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (status, signal) => resolve(status ?? 128 + constants.signals[signal!]))
  })
  return { ended, hangUp: () => void (child.exitCode === null && child.kill('SIGHUP')) }
}
