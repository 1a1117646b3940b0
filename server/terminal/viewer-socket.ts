/** What the room needs of a WebSocket; those of `ws` are such. */
export interface ViewerSocket {
  /** `sent` is called when the kernel has the bytes, or never will. */
  send(data: Uint8Array, sent?: () => void): void
  close(code: number, reason: string): void
  terminate(): void
  ping(): void
  pause(): void
  resume(): void
  on(event: 'message', listener: (data: unknown, isBinary: boolean) => void): unknown
  on(event: 'pong' | 'close', listener: () => void): unknown
  on(event: 'error', listener: (error: Error) => void): unknown
}
