/** How a viewer comes to a session. */
export interface Arrival {
  /** Offset of the byte of output it wants next; undefined: after a snapshot. */
  after?: number | undefined
  /** The name it made up for itself and tells with each connection: then it is told how much of its input arrived. */
  client?: string | undefined
}
