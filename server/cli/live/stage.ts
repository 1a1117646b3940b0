import type { LiveScreen, Stage } from '../../core/live.ts'
import { Steering } from '../../core/steering.ts'
import type { ToolEvent } from '../../core/tool.ts'
import { Show } from './show.ts'

type Given = Pick<Stage<unknown, unknown>, 'input' | 'view' | 'colour' | 'context' | 'quit'>

/** Gives a screen its stage and puts it on the terminal; undefined where it wants none. */
export async function openStage(
  make: (stage: Stage<unknown, unknown>) => Promise<LiveScreen<ToolEvent> | undefined>,
  given: Given,
): Promise<{ show: Show; steering: Steering } | undefined> {
  const steering = new Steering(given.input)
  let show: Show | undefined
  const screen = await make({
    ...given,
    steer: input => steering.steer(input),
    hurry: () => steering.hurry(),
    redraw: () => show?.redraw(),
  })
  if (!screen) return undefined
  show = new Show(screen, given.quit)
  return { show, steering }
}
