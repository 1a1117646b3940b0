/** One `struct cmsghdr` with its data: what recvmsg(2) tells beside the bytes. */
export interface ControlMessage {
  level: number
  type: number
  data: Buffer
}

const headerBytes = 16
const alignment = 8

/** Control messages of a 64-bit kernel: u64 length with the header, i32 level, i32 type, data, padded to 8 bytes. cmsg(3) */
export function* parseControlMessages(bytes: Buffer): Generator<ControlMessage> {
  for (let at = 0; at + headerBytes <= bytes.length; ) {
    const length = Number(bytes.readBigUInt64LE(at))
    if (length < headerBytes || at + length > bytes.length) return
    const [level, type] = [bytes.readInt32LE(at + 8), bytes.readInt32LE(at + 12)]
    yield { level, type, data: bytes.subarray(at + headerBytes, at + length) }
    at += Math.ceil(length / alignment) * alignment
  }
}
