import { defineTool } from '../../core/tool.ts'
import { targetFlag } from '../target.ts'
import { df } from './df.ts'
import { findmnt } from './findmnt.ts'
import { mount } from './mount.ts'
import { runMounts } from './run.ts'
import { event, input, view } from './schema.ts'
import { renderMounts } from './text.ts'

/** Every mount of the target with its space, and which of them are dead or full. */
export const mounts = defineTool({
  name: 'mounts',
  summary: 'Show every mount with its kind, options, space and inodes, and which of them hang or are full',
  description: `
What is mounted in ditty's own container, or with --target in another: what it is to the pod (emptyDir, configMap, hostPath, …),
from where, with which options, how full it is. One that may hang (nfs, fuse and the like) is looked at by another process,
which is left behind when nobody answers within --timeout-seconds; the hang is the finding.

  ditty mounts
  ditty mounts --target app /data /etc/config
  ditty mounts --json | jq 'select(.type == "finding")'

Exit status: 0 all is well; 1 one hung, is dead, or has 95 % of its space or inodes in use, or a named path isn't there;
2 could not look.`,
  input,
  view,
  event,
  positional: ['paths'],
  flags: [
    targetFlag,
    { field: 'all', short: 'a', long: 'all', help: "The kernel's own and masks over /proc and /sys as well" },
    { field: 'space', long: 'no-space', value: false, help: 'Only what the kernel lists' },
  ],
  operands: { find: ['file'] },
  applets: { df, mount, findmnt },
  readOnly: () => true,
  run: runMounts,
  outcome: ({ hung, dead, full, missingPaths, mounts }, { find, source, mountPoint }) => {
    const isMissing = mounts === 0 && [find, source, mountPoint].some(word => word !== undefined)
    return hung + dead + full + missingPaths.length > 0 || isMissing ? 'negative' : 'positive'
  },
  text: renderMounts,
})
