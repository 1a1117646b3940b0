import { type Draft, defineTool } from '../../core/tool.ts'
import { standardSignals } from '../../linux/signals.ts'
import type { ToolContext } from '../context.ts'
import { readPids, readWords } from '../processes/words.ts'
import { targetFlag } from '../target.ts'
import { fuser } from './fuser/applet.ts'
import { lsof } from './lsof/applet.ts'
import { runOpenFiles } from './run.ts'
import { event, input, view } from './schema.ts'
import { renderOpenFiles } from './text.ts'

/** Who has what open, over all visible processes. */
export const openfiles = defineTool({
  name: 'openfiles',
  summary: 'Who has this file, directory, port, mount or deleted file open',
  description: `
Descriptors, working directory, root, executable and mapped files of every visible process, or of one container. A path stands for
the file behind it, under whatever name and in whatever container; a mount point for all that lies on it. A file system that
doesn't answer is named and holds nothing up.

  ditty openfiles /var/log/app.log       who has it
  ditty openfiles --below /srv/data      anything there
  ditty openfiles --ports 8080           who listens there, and who is connected
  ditty openfiles --deleted              space that rm did not free
  ditty openfiles --pids 1 --fds fd
  ditty openfiles --target app --writing
  ditty openfiles --ports 8080 --kill TERM   and what came of it`,
  input,
  view,
  event,
  positional: ['paths'],
  operands: { find: ['file'] },
  offers: {
    below: { find: ['file'] },
    directlyBelow: { find: ['file'] },
    users: { find: ['user'], list: true },
    pids: { find: ['pid'], list: true },
    exceptPids: { find: ['pid'], list: true },
    kill: { words: [...standardSignals] },
    fds: { words: ['fd', 'cwd', 'rtd', 'txt', 'mem'], list: true },
  },
  flags: [
    { field: 'ports', long: 'ports', metavar: 'LIST', parse: readPorts },
    { field: 'pids', short: 'p', long: 'pids', metavar: 'LIST', parse: readPids },
    { field: 'exceptPids', long: 'except-pids', metavar: 'LIST', parse: readPids },
    { field: 'pgids', long: 'pgids', metavar: 'LIST', parse: readPids },
    { field: 'users', short: 'u', long: 'users', metavar: 'LIST', parse: readWords },
    { field: 'fds', short: 'd', long: 'fds', metavar: 'LIST', parse: readWords },
    { field: 'deleted', long: 'deleted' },
    { field: 'match', long: 'any', value: 'any', help: 'One thing of what is given has to be true, not all' },
    targetFlag,
  ],
  applets: { lsof, fuser },
  readOnly: ({ kill }) => kill === undefined,
  run: (input, context: ToolContext) => runOpenFiles(input, context),
  outcome: ({ missing, signalled }, { lenient }) => {
    const isDone = !signalled || (signalled.sent > 0 && signalled.denied + signalled.ineffective === 0)
    return isDone && (missing.length === 0 || lenient) ? 'positive' : 'negative'
  },
  text: renderOpenFiles,
})

/** Commas part what a peer's address doesn't follow. */
function readPorts(list: string, previous: unknown): string[] {
  const words = /^[\d,]+$/.test(list) ? list.split(',').filter(Boolean) : [list]
  return [...((previous as Draft[string] as string[] | undefined) ?? []), ...words]
}
