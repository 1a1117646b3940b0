declare module 'node-pty/requireBinary.js' {
  /** The compiled half of node-pty, `pty.node`. */
  export function requireBinary(file: string): unknown
}
