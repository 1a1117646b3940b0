import * as z from 'zod/mini'
import type { Flag } from '../core/tool.ts'

/** The container that a tool is to look at: see findTarget() in linux/target.ts. */
export const targetField = z
  .optional(z.string().check(z.minLength(1)))
  .check(z.describe('Look at the container with this name, id or pid'))

export const targetFlag: Flag = { field: 'target', long: 'target', metavar: 'CONTAINER' }
