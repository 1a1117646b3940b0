/**
 * server.ts MOUNTPOINT MS: mounts an empty file system, says `ready` and answers each look after so many ms; below 0 never.
 * Sources: include/uapi/linux/fuse.h, fs/fuse/inode.c.
 */
import { openSync, read, writeSync } from 'node:fs'
import { checked, openLibc } from '../../../server/linux/libc.ts'

const [mountPoint = '', after] = process.argv.slice(2)
const answerAfterMs = Number(after)

const INIT = 26
const headerSize = 16
const directoryMode = 0o40755

const libc = await openLibc()
const mount = libc.func<(source: string, target: string, type: string, flags: number, data: string) => number>(
  'int mount(const char *source, const char *target, const char *type, unsigned long flags, const char *data)',
)

const device = openSync('/dev/fuse', 'r+')
const options = `fd=${device},rootmode=40000,user_id=0,group_id=0,allow_other`
checked(libc, 'mount', mount('silent', mountPoint, 'fuse.silent', 0, options))

const request = Buffer.alloc(1 << 17)

function serve(): void {
  read(device, request, 0, request.length, null, (error, length) => {
    if (error) process.exit(0)
    take(request.subarray(0, length))
    serve()
  })
}

function take(bytes: Buffer): void {
  const [opcode, unique] = [bytes.readUInt32LE(4), bytes.readBigUInt64LE(8)]
  if (opcode === INIT) {
    answer(unique, initialised())
    process.stdout.write('ready\n')
  } else if (answerAfterMs >= 0) setTimeout(() => answer(unique, ...bodyOf(opcode)), answerAfterMs)
}

function answer(unique: bigint, body: Buffer, error = 0): void {
  const header = Buffer.alloc(headerSize)
  header.writeUInt32LE(headerSize + body.length, 0)
  header.writeInt32LE(error, 4)
  header.writeBigUInt64LE(unique, 8)
  try {
    writeSync(device, Buffer.concat([header, body]))
  } catch {
    // Whoever asked has gone.
  }
}

/** struct fuse_init_out, protocol 7.31. */
function initialised(): Buffer {
  const body = Buffer.alloc(64)
  body.writeUInt32LE(7, 0)
  body.writeUInt32LE(31, 4)
  body.writeUInt16LE(12, 16)
  body.writeUInt16LE(9, 18)
  body.writeUInt32LE(4096, 20)
  body.writeUInt32LE(1, 24)
  return body
}

const ENOSYS = -38
const ENOENT = -2
const nothing = Buffer.alloc(0)

function bodyOf(opcode: number): [Buffer, number?] {
  switch (opcode) {
    case 1: // LOOKUP
      return [nothing, ENOENT]
    case 3: // GETATTR
      return [attributes()]
    case 17: // STATFS
      return [space()]
    case 27: // OPENDIR
      return [Buffer.alloc(16)]
    case 28: // READDIR
    case 29: // RELEASEDIR
      return [nothing]
    default:
      return [nothing, ENOSYS]
  }
}

/** struct fuse_attr_out: not kept, so that each look asks again. */
function attributes(): Buffer {
  const body = Buffer.alloc(104)
  body.writeBigUInt64LE(1n, 16)
  body.writeUInt32LE(directoryMode, 16 + 60)
  body.writeUInt32LE(2, 16 + 64)
  return body
}

/** struct fuse_kstatfs: 1000 fragments of 1024 bytes, 300 of them free; blocks are larger. */
function space(): Buffer {
  const body = Buffer.alloc(80)
  for (const [at, count] of [1000n, 300n, 250n, 100n, 40n].entries()) body.writeBigUInt64LE(count, at * 8)
  body.writeUInt32LE(131_072, 40)
  body.writeUInt32LE(255, 44)
  body.writeUInt32LE(1024, 48)
  return body
}

serve()
