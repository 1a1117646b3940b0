import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { join } from 'node:path'
import { systemClock } from '../core/context.ts'
import { ToolError } from '../core/errors.ts'
import { linuxAt } from '../linux/linux.ts'
import { readPidEnviron } from '../linux/procfs/pid-environ.ts'
import { readPidStatusLines } from '../linux/procfs/pid-status.ts'
import { explainPtraceDenial } from '../linux/ptrace-access.ts'
import { type ContainerProcesses, containerLabel, findTarget } from '../linux/target.ts'
import { assetDirectory } from './assets.ts'
import { type Denial, explainEnterDenial } from './enter/denial.ts'
import { homeIn } from './enter/home.ts'
import { type EnterOptions, enterHelp, parseEnterOptions } from './enter/options.ts'
import { homeBash, homeRc, surroundings, variablesOf } from './enter/surroundings.ts'
import { guarded } from './guarded.ts'
import { homeEnvironment, homeShell } from './shell.ts'

const linux = linuxAt('/')
const helper = join(assetDirectory, 'enter')

/** `ditty enter`: this process becomes the one that holds the shell or the command inside the target's root. */
export const enter = (words: string[]): Promise<number> =>
  guarded('ditty enter', async () => {
    const options = parseEnterOptions(words)
    if (!options) {
      process.stdout.write(enterHelp)
      return 0
    }
    checkHelper()
    const target = await findTarget({ linux, clock: systemClock, signal: new AbortController().signal }, options.target)
    const denial = tryOut(target)
    if (!denial) return goIn(options, target)
    if (!denial.isHalfWay || options.command.length > 0) throw denial.error
    return standBeside(target, denial.error)
  })

function goIn(options: EnterOptions, target: ContainerProcesses): never {
  const { pid, container } = target
  const environment = surroundings({
    own: homeEnvironment(),
    target: environmentOf(pid, options.takesEnvironment),
    takesTarget: options.takesEnvironment,
    place: containerLabel(container),
    homeDirectory: homeIn(linux, pid),
  })
  const command = options.command.length > 0 ? ['-c', 'exec "$@"', 'ditty enter', ...options.command] : shellWords
  const words = [processWord(target), options.cwd, userOf(options, pid), homeBash, ...command]
  return process.execve!(helper, [helper, ...words], environment)
}

const shellWords = ['--rcfile', homeRc, '-i']

function checkHelper(): void {
  try {
    accessSync(helper, constants.X_OK)
  } catch {
    throw new ToolError('unsupported', `entering needs ${helper}, which is built into ditty's image alone`, {
      remedy: "run ditty's image beside the target: kubectl debug --image=…",
    })
  }
}

/** Some thousand times what it takes, unless the root is on a file system that doesn't answer. */
const checkMs = 10_000

/** Undefined where the root can be entered. */
function tryOut(target: ContainerProcesses): Denial | undefined {
  const options = { encoding: 'utf8', timeout: checkMs, killSignal: 'SIGKILL' } as const
  const { status, stderr } = spawnSync(helper, ['--check', processWord(target)], options)
  return status === 0 ? undefined : explainEnterDenial(linux, target.pid, stderr)
}

/** As scripts/enter.c takes it. */
const processWord = ({ pid, startTicks }: ContainerProcesses) => `${pid}:${startTicks}`

/** The next best: a shell of ditty's own root that stands in the target's. A command would read our files there and say nothing. */
function standBeside({ pid, container }: ContainerProcesses, { message, remedy }: ToolError): never {
  const place = containerLabel(container)
  const root = `/proc/${pid}/root`
  process.stderr.write(
    `ditty enter: ${message}\n${remedy}\nThis shell stands in ${root}, the root of ${place}; paths that begin with / are ditty's own.\n`,
  )
  const { file, args, environment } = homeShell()
  process.chdir(root)
  return process.execve!(file, [file, ...args], {
    ...homeEnvironment(),
    ...environment,
    DITTY_PLACE: place,
    // The kernel knows no path from our root to there; a shell believes this one.
    PWD: root,
  })
}

/** For PATH alone it may stay unknown; asked for, it must be read. */
function environmentOf(pid: number, isWanted: boolean): Record<string, string> {
  try {
    return variablesOf(readPidEnviron(linux, pid))
  } catch (error) {
    if (!isWanted) return {}
    const { reason, remedy } = explainPtraceDenial(linux, pid)
    throw new ToolError('not_permitted', `--env: ${reason}`, { remedy, cause: error })
  }
}

/** UID:GID[:GID,…] as scripts/enter.c takes it. */
function userOf({ user }: EnterOptions, pid: number): string {
  if (user === undefined) return '-'
  if (user !== 'target') return `${user.uid}:${user.gid}`
  const lines = readPidStatusLines(linux, pid)
  const effective = (name: string) => lines.get(name)?.split(/\s+/)[1] ?? ''
  const groups = lines.get('Groups')?.split(/\s+/).filter(Boolean) ?? []
  return [`${effective('Uid')}:${effective('Gid')}`, groups.join(',')].filter(Boolean).join(':')
}
