import { PathError } from './walk.ts'

const slash = 0x2f
const root = Buffer.from('/')

/** What a path ends with, and what stands before it. Throws PathError where that is no name. */
export function lastStep(path: Buffer): { above: Buffer; name: Buffer } {
  let end = path.length
  while (end > 0 && path[end - 1] === slash) end--
  const start = path.lastIndexOf(slash, end - 1) + 1
  const name = end === 0 ? path.subarray(0, 0) : path.subarray(start, end)
  const text = name.toString('latin1')
  if (text === '' || text === '.' || text === '..') throw new PathError('EINVAL', 'it ends with no name')
  return { above: start === 0 ? Buffer.from('.') : Buffer.concat([path.subarray(0, start), root]), name }
}
