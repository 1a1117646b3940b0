import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { isatty } from 'node:tty'
import { guarded } from './guarded.ts'
import { openHouse } from './house.ts'
import { serve } from './serve.ts'
import { parseServeOptions, serveHelp } from './serve-options.ts'
import { homeEnvironment, homeShell } from './shell.ts'
import { untilEnded } from './until-ended.ts'

/** `ditty up`, what the image runs: a shell with the server behind it where a person looks, else the server alone. */
export const up = (words: string[]): Promise<number> =>
  isatty(0) ? guarded('ditty up', () => shellAndServer(words)) : serve(words)

async function shellAndServer(words: string[]): Promise<number> {
  const options = parseServeOptions(words)
  if (!options) {
    process.stdout.write(
      serveHelp('up', 'A shell with the page and the API behind it; without a terminal, those alone.'),
    )
    return 0
  }
  const ended = untilEnded()
  const house = await openHouse(options)
  process.stdout.write(`ditty is at ${house.urlWithToken}\n`)
  const shell = startShell()
  const status = await Promise.race([shell.ended, ended])
  shell.hangUp()
  await house.close()
  return status
}

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
