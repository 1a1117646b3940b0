import type { Linux } from '../linux.ts'

/** ` 254        0  268435456 vda`: block devices' names by `major:minor`. Source: show_partition(), block/genhd.c. */
export function parsePartitions(text: string): Map<string, string> {
  const lines = text.matchAll(/^ *(\d+) +(\d+) +\d+ (\S+)$/gm)
  return new Map(Array.from(lines, ([, major, minor, name]) => [`${major}:${minor}`, name!]))
}

export const readPartitions = (linux: Linux) => parsePartitions(linux.read('/proc/partitions').toString('utf8'))
