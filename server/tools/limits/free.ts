import { ToolError } from '../../core/errors.ts'
import type { Applet, Flag } from '../../core/tool.ts'
import { targetFlag } from '../target.ts'
import { renderFree } from './free-text.ts'
import type { LimitsEvent, LimitsInput, LimitsView, Unit } from './schema.ts'

const unit = (value: Unit, short?: string): Flag => ({
  field: 'unit',
  long: value,
  value,
  help: `In ${value === 'bytes' ? value : `${value}bytes`}`,
  ...(short ? { short } : {}),
})

const flags: Flag[] = [
  unit('bytes', 'b'),
  unit('kilo'),
  unit('mega'),
  unit('giga'),
  unit('tera'),
  unit('peta'),
  unit('kibi', 'k'),
  unit('mebi', 'm'),
  unit('gibi', 'g'),
  unit('tebi'),
  unit('pebi'),
  { field: 'human', short: 'h', long: 'human', help: 'In the shortest unit that fits' },
  { field: 'si', long: 'si' },
  { field: 'lohi', short: 'l', long: 'lohi' },
  { field: 'total', short: 't', long: 'total' },
  { field: 'committed', short: 'v', long: 'committed' },
  { field: 'wide', short: 'w', long: 'wide' },
  { field: 'intervalSeconds', short: 's', long: 'seconds', metavar: 'N', parse: positive('-s') },
  { field: 'count', short: 'c', long: 'count', metavar: 'N', parse: positive('-c'), help: 'How often to look' },
  targetFlag,
  { field: 'container', long: 'host', value: false, help: "Only the node's lines, as free(1)" },
]

/** 0 means for ever to the tool, which nobody means who types it. */
function positive(flag: string) {
  return (word: string): number => {
    const value = Number(word)
    if (word.trim() !== '' && value > 0) return value
    throw new ToolError('invalid_input', `${flag} takes a positive number, not '${word}'`)
  }
}

/** free(1) of procps 4. */
export const freeApplet: Applet<LimitsInput, LimitsView, LimitsEvent> = {
  usage: 'free [flags]',
  summary: "Memory, as free(1) shows it, with the container's own beside the node's",
  description: `
/proc/meminfo shows the node, even inside of a container. The line "Container:" has the same columns of the container that
ditty stands beside, or of its own: its limit, its working set as used, its page cache. max is no limit, - is not known.

  free -h
  free -m -s 5 -c 3
  free --host            the node alone, for scripts

Exit status: 0 shown; 1 could not look.`,
  flags,
  defaults: { unit: 'kibi', parts: ['memory'] },
  text: renderFree,
  exitStatus: ({ error }) => (error ? (error.code === 'cancelled' ? undefined : 1) : 0),
}
