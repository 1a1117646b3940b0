/**
 * Raw bytes on their way through a tool's events: the CLI writes `bytes` as they are, JSON carries them as text where they are
 * valid UTF-8 and as base64 where not. Nothing is encoded unless a face asks for JSON. The bytes are used again for what comes
 * next: whoever keeps them copies them.
 */
export class Payload {
  readonly type = 'body'
  readonly bytes: Uint8Array

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }

  toJSON(): { type: 'body'; data: string; encoding: 'utf8' | 'base64' } {
    const buffer = Buffer.from(this.bytes.buffer, this.bytes.byteOffset, this.bytes.byteLength)
    try {
      return {
        type: 'body',
        data: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(buffer),
        encoding: 'utf8',
      }
    } catch {
      return { type: 'body', data: buffer.toString('base64'), encoding: 'base64' }
    }
  }
}
