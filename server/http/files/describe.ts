import * as z from 'zod/mini'
import { shownName } from '../../core/shown-name.ts'
import { dateOf, type FileStatus, type Moment } from '../../linux/root/status.ts'
import { etagOf } from '../../transfer/source.ts'

const time = z.nullable(z.string()).check(z.describe('ISO 8601'))

/** What is known of a file, a folder or whatever stands under a name; links as themselves. */
export const fileInfo = z.object({
  name: z.string().check(z.describe('Bytes that are no UTF-8 as %FF; then % itself is %25')),
  nameBase64: z.optional(z.string()).check(z.describe('The bytes of a name that is no UTF-8')),
  type: z.enum(['file', 'directory', 'link', 'fifo', 'socket', 'character', 'block', 'unknown']),
  mode: z.nullable(z.string()).check(z.describe('Octal, without the type: 0644')),
  uid: z.nullable(z.int()),
  user: z.nullable(z.string()).check(z.describe("By the target's own /etc/passwd")),
  gid: z.nullable(z.int()),
  group: z.nullable(z.string()),
  sizeBytes: z.nullable(z.number()),
  allocatedBytes: z.nullable(z.number()).check(z.describe('Less than sizeBytes where a file has holes')),
  sparse: z.boolean(),
  links: z.nullable(z.int()),
  inode: z.nullable(z.string()),
  device: z.optional(z.string()).check(z.describe('major:minor of a device')),
  accessedTime: time,
  modifiedTime: time,
  changedTime: time,
  bornTime: time,
  linkTarget: z.optional(z.string()).check(z.describe('Where a link points, as it says')),
  linkTargetBase64: z.optional(z.string()),
  linkType: z
    .optional(z.nullable(z.string()))
    .check(z.describe('What a link leads to in the end; null: nothing that can be seen')),
  etag: z.optional(z.string()).check(z.describe('For If-Match')),
  problem: z.optional(z.string()).check(z.describe('Why nothing more is known of it')),
})

export type FileInfo = z.infer<typeof fileInfo>

export interface Names {
  users: Map<number, string>
  groups: Map<number, string>
}

export interface Described {
  name: Buffer
  type: FileInfo['type'] | undefined
  status: FileStatus | undefined
}

export function infoOf({ name, type, status }: Described, names: Names): FileInfo {
  const isSpecial = status?.type === 'character' || status?.type === 'block'
  const modified = timeOf(status?.modified)
  return {
    ...nameInfo(name),
    type: status?.type ?? type ?? 'unknown',
    mode: status ? (status.mode & 0o7777).toString(8).padStart(4, '0') : null,
    uid: status?.uid ?? null,
    user: status ? (names.users.get(status.uid) ?? null) : null,
    gid: status?.gid ?? null,
    group: status ? (names.groups.get(status.gid) ?? null) : null,
    sizeBytes: status?.size ?? null,
    allocatedBytes: status ? status.blocks * 512 : null,
    sparse: status?.isSparse ?? false,
    links: status?.links ?? null,
    inode: status ? String(status.inode) : null,
    ...(isSpecial ? { device: `${status.special.major}:${status.special.minor}` } : {}),
    accessedTime: timeOf(status?.accessed),
    modifiedTime: modified,
    changedTime: timeOf(status?.changed),
    bornTime: timeOf(status?.born),
    ...(status?.type === 'file' ? { etag: etagOf(status) } : {}),
  }
}

/** A text, and the bytes where it can't stand for them. */
export function nameInfo(bytes: Buffer): { name: string; nameBase64?: string } {
  const name = shownName(bytes)
  return isExact(bytes, name) ? { name } : { name, nameBase64: bytes.toString('base64') }
}

export function linkInfo(target: Buffer, type: string | null) {
  const linkTarget = shownName(target)
  const exact = isExact(target, linkTarget) ? {} : { linkTargetBase64: target.toString('base64') }
  return { linkTarget, ...exact, linkType: type }
}

const isExact = (bytes: Buffer, text: string) => bytes.equals(Buffer.from(text))

/** A date that JavaScript can't hold is told as none. */
function timeOf(moment: Moment | undefined): string | null {
  if (!moment) return null
  const date = dateOf(moment)
  return Number.isNaN(date.getTime()) ? null : date.toISOString()
}
