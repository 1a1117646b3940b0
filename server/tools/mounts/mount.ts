import { ToolError } from '../../core/errors.ts'
import type { Applet, Chunk, Screen } from '../../core/tool.ts'
import { targetFlag } from '../target.ts'
import { withoutControls } from './controls.ts'
import { mergedOptions } from './options.ts'
import type { MountEvent, MountsEvent, MountsInput, MountsView } from './schema.ts'
import { finishTypes, typesFlag } from './types-flag.ts'

/** mount(8) of util-linux 2.38, where it lists. */
export const mount: Applet<MountsInput, MountsView, MountsEvent> = {
  usage: 'mount [-t TYPES]',
  summary: 'List what is mounted, as mount(8) does; it mounts nothing',
  description: `
  mount
  mount -t nfs,nfs4
  mount -t noproc,sysfs --target app

Exit status: 0 listed; 2 could not look.`,
  flags: [typesFlag('t'), targetFlag],
  defaults: { space: false },
  finish: finishTypes,
  operand(word) {
    throw new ToolError('invalid_input', `mount only lists here, and does not mount ${word}`, {
      remedy: 'findmnt finds one by its source or mount point',
    })
  },
  text: (_input: MountsInput, _view: MountsView, _screen: Screen) => event =>
    event.type === 'mount' ? line(event as MountEvent) : undefined,
}

const line = (mount: MountEvent): Chunk =>
  `${withoutControls(mount.source || 'none')} on ${withoutControls(mount.mountPoint)} type ${mount.fsType} (${withoutControls(mergedOptions(mount))})\n`
