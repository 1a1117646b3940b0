import { ToolError } from '../../../core/errors.ts'
import type { Applet, Draft, Flag } from '../../../core/tool.ts'
import { takeDashedSignal } from '../../signal/dashed-signal.ts'
import { targetFlag } from '../../target.ts'
import type { Event, Input, View } from '../schema.ts'
import { renderFuser } from './text.ts'

const flags: Flag[] = [
  {
    field: 'protocol',
    short: 'n',
    long: 'namespace',
    metavar: 'file|tcp|udp',
    parse: readNamespace,
    help: 'What names stand for',
  },
  { field: 'pathsMean', short: 'm', long: 'mount', value: 'filesystem', help: 'All of the file system of each name' },
  { field: 'verbose', short: 'v', long: 'verbose' },
  { field: 'showAll', short: 'a', long: 'all' },
  { field: 'showUsers', short: 'u', long: 'user' },
  { field: 'silent', short: 's', long: 'silent' },
  { field: 'families', short: '4', long: 'ipv4', value: 'inet', help: 'IPv4 sockets alone' },
  { field: 'families', short: '6', long: 'ipv6', value: 'inet6', help: 'IPv6 sockets alone' },
  { field: 'writing', short: 'w', long: 'writeonly', help: 'With -k: only those that may write' },
  { field: 'kill', short: 'k', long: 'kill', value: 'KILL', help: 'Send them SIGKILL, or the -SIGNAL that is given' },
  targetFlag,
]

const takeDashed = takeDashedSignal(flags)

/** `-4` and `-6` are no signals here. */
const takeSignal = (word: string, draft: Draft) => word !== '-4' && word !== '-6' && takeDashed(word, draft)

/** fuser of psmisc. */
export const fuser: Applet<Input, View, Event> = {
  usage: 'fuser [flags] [-n file|tcp|udp] [-SIGNAL] NAME…',
  summary: 'Pids of those who use files, file systems or ports, as fuser(1) lists them',
  description: `
Pids go to standard output, the rest to standard error. Behind a pid: c its directory, e its executable, r its root, m mapped; with
-v also F open for writing, f open. -k sends a signal at once, without asking; ditty openfiles --kill also says what came of it.

  fuser 8080/tcp
  fuser -vm /data
  fuser -k -TERM /run/app.lock

Exit status: 0 somebody uses one of them; 1 nobody does, or could not look.`,
  flags,
  defaults: { pathsMean: 'file', waitMs: 0 },
  operands: { find: ['file'] },
  dashed: takeSignal,
  operand: takeName,
  finish: finishDraft,
  text: renderFuser,
  exitStatus({ error, summary }) {
    if (error) return error.code === 'cancelled' ? undefined : 1
    return (summary?.files ?? 0) > 0 ? 0 : 1
  },
}

const namespaces = ['file', 'tcp', 'udp']

function readNamespace(word: string): string {
  if (namespaces.includes(word)) return word
  throw new ToolError('invalid_input', `-n takes ${namespaces.join(', ')}, not '${word}'`)
}

/** `80/tcp` is a port; after `-n tcp` a bare name is one too, after `-n file` none. */
function takeName(word: string, draft: Draft): void {
  const protocol = draft.protocol === 'tcp' || draft.protocol === 'udp' ? draft.protocol : undefined
  const add = (field: string, value: string) => {
    draft[field] = [...((draft[field] as string[] | undefined) ?? []), value]
  }
  if (protocol !== undefined) add('ports', word.endsWith(`/${protocol}`) ? word : `${word}/${protocol}`)
  else if (draft.protocol === undefined && /^[^/]+\/(tcp|udp)$/.test(word)) add('ports', word)
  else add('paths', word)
}

function finishDraft(draft: Draft): void {
  delete draft.protocol
  if (draft.kill !== undefined && draft.signal !== undefined) draft.kill = draft.signal
  delete draft.signal
  if (draft.kill === undefined) delete draft.writing
  if (!draft.paths && !draft.ports) throw new ToolError('invalid_input', `no name is given; usage: ${fuser.usage}`)
}
