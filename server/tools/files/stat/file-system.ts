import { type ByteText, bytesOfFields } from '../byte-text.ts'
import type { FileSystemEvent } from '../schema.ts'
import { decimal, hexadecimal, signed, text } from './cells.ts'
import type { Directives } from './template.ts'

/** What stat(1) calls a file system by its magic number. src/stat.c of coreutils, include/uapi/linux/magic.h */
const names = new Map<number, string>([
  [0x0187, 'autofs'],
  [0x1cd1, 'devpts'],
  [0x3434, 'nilfs'],
  [0x4d44, 'msdos'],
  [0x6969, 'nfs'],
  [0x9660, 'isofs'],
  [0x9fa0, 'proc'],
  [0xef53, 'ext2/ext3'],
  [0x27e0eb, 'cgroupfs'],
  [0xc36400, 'ceph'],
  [0x01021994, 'tmpfs'],
  [0x01021997, 'v9fs'],
  [0x0bd00bd0, 'lustre'],
  [0x15013346, 'udf'],
  [0x19800202, 'mqueue'],
  [0x2011bab0, 'exfat'],
  [0x2fc12fc1, 'zfs'],
  [0x3153464a, 'jfs'],
  [0x42494e4d, 'binfmt_misc'],
  [0x47504653, 'gpfs'],
  [0x50495045, 'pipefs'],
  [0x52654973, 'reiserfs'],
  [0x534f434b, 'sockfs'],
  [0x5346544e, 'ntfs'],
  [0x58465342, 'xfs'],
  [0x61756673, 'aufs'],
  [0x6165676c, 'pstorefs'],
  [0x62656570, 'configfs'],
  [0x62656572, 'sysfs'],
  [0x63677270, 'cgroup2fs'],
  [0x64626720, 'debugfs'],
  [0x65735543, 'fusectl'],
  [0x65735546, 'fuseblk'],
  [0x6e736673, 'nsfs'],
  [0x73636673, 'securityfs'],
  [0x73717368, 'squashfs'],
  [0x74726163, 'tracefs'],
  [0x794c7630, 'overlayfs'],
  [0x858458f6, 'ramfs'],
  [0x9123683e, 'btrfs'],
  [0x958458f6, 'hugetlbfs'],
  [0xca451a4e, 'bcachefs'],
  [0xcafe4a11, 'bpf_fs'],
  [0xde5e81e4, 'efivarfs'],
  [0xe0f5e1e2, 'erofs'],
  [0xf2f52010, 'f2fs'],
  [0xf97cff8c, 'selinux'],
  [0xfe534d42, 'smb2'],
  [0xff534d42, 'cifs'],
])

/** Each letter of stat(1) for a file system; `plain`: how a name is written that stands in no quotes. */
export const fileSystemDirectives = (plain: (name: ByteText) => ByteText): Directives<FileSystemEvent> => ({
  a: signed(({ availableBlocks }) => availableBlocks),
  b: signed(({ blocks }) => blocks),
  c: signed(({ inodes }) => inodes),
  d: signed(({ freeInodes }) => freeInodes),
  f: signed(({ freeBlocks }) => freeBlocks),
  i: hexadecimal(({ id }) => (id === null ? null : BigInt(`0x${id}`))),
  l: decimal(({ nameMaximum }) => nameMaximum),
  n: text(event => plain(bytesOfFields(event))),
  s: decimal(({ blockSizeBytes }) => blockSizeBytes),
  S: decimal(({ fragmentSizeBytes }) => fragmentSizeBytes),
  t: hexadecimal(({ magic }) => magic),
  T: text(({ magic }) => names.get(magic) ?? `UNKNOWN (0x${magic.toString(16)})`),
})

export const usualFileSystem = `  File: "%n"
    ID: %-8i Namelen: %-7l Type: %T
Block size: %-10s Fundamental block size: %S
Blocks: Total: %-10b Free: %-10f Available: %a
Inodes: Total: %-10c Free: %d
`

export const terseFileSystem = '%n %i %l %t %s %S %b %f %a %c %d\n'
