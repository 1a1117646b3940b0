import type * as z from 'zod/mini'
import type { Payload } from '../../core/payload.ts'
import type { Applet, Renderer } from '../../core/tool.ts'
import type { FilesEvent } from './run.ts'
import type { event, FilesInput, FilesView } from './schema.ts'

/** An event as JSON carries it. */
export type WireEvent = z.output<typeof event>

export type FilesApplet = Applet<FilesInput, FilesView, WireEvent>

/** What is shown in words comes from the run in the same process, where an entry still knows its bytes and its status. */
export const inProcess =
  (render: Renderer<FilesEvent>): Renderer<WireEvent | Payload> =>
  event =>
    render(event as FilesEvent)
