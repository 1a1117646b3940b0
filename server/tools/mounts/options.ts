import type { MountEvent } from './schema.ts'

/** Options of mount and file system as mount(8) shows them together: merge_optstr() of libmount, libmount/src/fs.c. */
export function mergedOptions({
  mountOptions,
  superOptions,
}: Pick<MountEvent, 'mountOptions' | 'superOptions'>): string {
  const [mount, system] = [mountOptions.join(','), superOptions.join(',')]
  if (mount === system || system === '') return mount
  if (mount === '') return system
  const isReadOnly = mountOptions.includes('ro') || superOptions.includes('ro')
  const rest = [without(mountOptions), without(superOptions)].flat()
  return [isReadOnly ? 'ro' : 'rw', ...rest].join(',')
}

const without = (options: readonly string[]) => options.filter(option => option !== 'rw' && option !== 'ro')
