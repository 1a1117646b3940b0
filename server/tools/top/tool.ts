import { defineTool } from '../../core/tool.ts'
import type { ToolContext } from '../context.ts'
import { readPids, readWords } from '../processes/words.ts'
import { targetFlag } from '../target.ts'
import { top as applet, readColumns } from './applet.ts'
import { renderBatch } from './batch.ts'
import { fieldWords } from './fields.ts'
import { runTop } from './run.ts'
import { event, input, view } from './schema.ts'

/** What each process uses between one look and the next, beside the node's and the container's totals. */
export const top = defineTool({
  name: 'top',
  summary: 'Sample processes: CPU, memory, open files and io of each, beside the node and the container',
  description: `
Each sample measures an interval: a process's share of CPU is of that time, not of its life as in ps. What of other users'
processes the kernel refuses to show is null, and the summary says why.

  ditty top                                  one second
  ditty top --count 0 --sort=-resBytes --limit 10
  ditty top --target app --tree
  ditty top --filters 'cpuPercent>5' --json
  top                                        the applet: a live screen`,
  input,
  view,
  event,
  positional: [],
  offers: {
    sort: { words: fieldWords.flatMap(word => [word, `-${word}`]) },
    columns: { words: fieldWords, list: true },
    users: { find: ['user'], list: true },
    anyUsers: { find: ['user'], list: true },
    pids: { find: ['pid'], list: true },
  },
  flags: [
    { field: 'intervalSeconds', short: 'd', long: 'interval-seconds', metavar: 'N' },
    { field: 'count', short: 'n', long: 'count', metavar: 'N' },
    { field: 'pids', short: 'p', long: 'pids', metavar: 'LIST', parse: readPids },
    { field: 'users', short: 'u', long: 'users', metavar: 'LIST', parse: readWords },
    { field: 'anyUsers', short: 'U', long: 'any-users', metavar: 'LIST', parse: readWords },
    { field: 'columns', long: 'columns', metavar: 'LIST', parse: readColumns },
    { field: 'sort', short: 'o', long: 'sort', metavar: 'FIELD' },
    { field: 'idle', long: 'no-idle', value: false, help: 'Only processes that used CPU' },
    { field: 'io', long: 'no-io', value: false, help: 'Neither open files nor io' },
    { field: 'container', long: 'host', value: false, help: "The node's numbers alone" },
    targetFlag,
  ],
  applets: { top: applet },
  stoppable: true,
  readOnly: () => true,
  run: (input, context: ToolContext) => runTop(input, context),
  outcome: ({ missing }) => (missing.length === 0 ? 'positive' : 'negative'),
  text: renderBatch,
})
