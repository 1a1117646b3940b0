import { defineTool } from '../../core/tool.ts'
import type { ToolContext } from '../context.ts'
import { readWords } from '../processes/words.ts'
import { targetFlag } from '../target.ts'
import { apk } from './applets/apk.ts'
import { dpkg } from './applets/dpkg.ts'
import { rpm } from './applets/rpm.ts'
import { addWord } from './applets/words.ts'
import { runOs } from './run.ts'
import { event, input, view } from './schema.ts'
import { renderOs } from './text.ts'

/** What a container is made of, read from its files and its main process; nothing of it is run. */
export const os = defineTool({
  name: 'os',
  summary: 'Tell what a container is made of: release, libc, runtime, time zone, locale, certificates, packages',
  description: `
Of the container that ditty stands beside, or else of its own: nothing of it is executed, so that images without a shell or a
package manager tell as much as others. The databases of dpkg (distroless ones too), apk and rpm (SQLite, ndb and Berkeley DB)
are read directly.

  ditty os
  ditty os --packages              all packages, as they are read
  ditty os --packages='lib*ssl*'   those with such names
  ditty os --owner /usr/sbin/nginx which package brought a file
  ditty os --json | jq -r 'select(.type == "package").name'

Exit status: 0 told; 1 no such package, or no owner; 2 could not look.`,
  input,
  view,
  event,
  positional: ['target'],
  flags: [
    targetFlag,
    { field: 'packages', short: 'p', long: 'packages', metavar: 'LIST', bare: ['*'], parse: readWords },
    { field: 'ownerOf', short: 'S', long: 'owner', metavar: 'PATH', parse: addWord },
  ],
  applets: { dpkg, rpm, apk },
  readOnly: () => true,
  run: (input, context: ToolContext) => runOs(input, context),
  outcome: ({ unmatched }) => (unmatched.length > 0 ? 'negative' : 'positive'),
  text: renderOs,
})
