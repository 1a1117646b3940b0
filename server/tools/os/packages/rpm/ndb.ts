import type { ByteSource } from '../../../../linux/byte-source.ts'
import { BrokenDatabase } from '../package.ts'
import { Allowance } from './limits.ts'

const magics = { database: 'RpmP', slot: 'Slot', blob: 'BlbS' }
const pageBytes = 4096
const slotBytes = 16
const blockBytes = 16
/** The first two slots are the database's header. */
const firstSlot = 2

export const isNdb = (head: Buffer) => head.toString('latin1', 0, 4) === magics.database

/**
 * Headers in an ndb database (`Packages.db`): slots of 16 bytes in the first pages (magic, package, first block, blocks), and each
 * blob behind 16 bytes (magic, package, generation, length) in blocks of 16 bytes; little-endian. Source: lib/backend/ndb/rpmpkg.c.
 */
export async function* ndbBlobs(source: ByteSource): AsyncGenerator<Buffer> {
  const head = await source.read(0, 32)
  if (head.length < 32 || !isNdb(head)) throw new BrokenDatabase('no ndb database')
  const version = head.readUInt32LE(4)
  if (version !== 0) throw new BrokenDatabase(`version ${version} of ndb is not known`)
  const slots = (head.readUInt32LE(12) * pageBytes) / slotBytes
  if (slots * slotBytes > source.size) throw new BrokenDatabase('cut within its slots')
  const allowance = new Allowance(source.size)
  for (let slot = firstSlot; slot < slots; slot++) {
    const bytes = await source.read(slot * slotBytes, slotBytes)
    if (bytes.length < slotBytes || bytes.toString('latin1', 0, 4) !== magics.slot)
      throw new BrokenDatabase(`slot ${slot} is overwritten`)
    const blockAt = bytes.readUInt32LE(8)
    if (blockAt !== 0) yield await blobAt(source, blockAt * blockBytes, bytes.readUInt32LE(4), allowance)
  }
}

async function blobAt(source: ByteSource, position: number, index: number, allowance: Allowance): Promise<Buffer> {
  const head = await source.read(position, 16)
  if (head.length < 16 || head.toString('latin1', 0, 4) !== magics.blob || head.readUInt32LE(4) !== index)
    throw new BrokenDatabase(`package ${index} is not where its slot says`)
  const length = head.readUInt32LE(12)
  allowance.take(length)
  const blob = await source.read(position + 16, length)
  if (blob.length < length) throw new BrokenDatabase(`cut within package ${index}`)
  return blob
}
