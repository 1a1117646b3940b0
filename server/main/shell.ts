import { join } from 'node:path'
import { ToolError } from '../core/errors.ts'
import { findShell, type Shell } from '../terminal/shell.ts'
import { shellEnvironment } from '../terminal/shell-environment.ts'
import { assetDirectory } from './assets.ts'

/** What commands of `exec`, terminals and the shell of `ditty up` find as their environment. */
export const homeEnvironment = (): Record<string, string> =>
  shellEnvironment({ base: process.env, appletDirectory: join(assetDirectory, 'bin') })

/** The best shell here, with the prompt and colours that ditty brings. */
export function homeShell(): Shell {
  const shell = findShell({ base: process.env, rcDirectory: join(assetDirectory, 'rc') })
  if (shell) return shell
  throw new ToolError('not_found', 'there is no shell here: neither bash nor sh nor busybox', {
    remedy: "run ditty's own image, which has bash",
  })
}
