/** Every bound of the terminal room, in one place; tests bring smaller ones. */
export interface Limits {
  /** Sessions that run at once. Each costs a thread in waitpid(2), a shell (3 MiB) and 16 KiB of ring. */
  sessions: number
  /** Bytes of output kept for a client that comes back: a power of two. 2 MiB are some 25,000 full lines. */
  replayBytes: number
  /** Bytes of all rings together; past it rings stay as small as they are, and the PTY is paused sooner. */
  replayBudgetBytes: number
  /** Memory of one recording, compressed: 27 MB of random words, some 70 MB of a list of files. */
  recordingBytes: number
  /** Memory of all recordings together. */
  recordingBudgetBytes: number
  /** Text of one recording: more than this no player likes to load. */
  castBytes: number
  /** Screens in use at once: 2 to 5 MiB each with 2,000 lines of 80 to 200 columns. The others are put by as the bytes that restore them. */
  liveScreens: number
  /** Bytes of all that were put by. Past it each has 64 KiB, so that lines above the screen are dropped: 16 MiB more at most. */
  screenBudgetBytes: number
  /** A screen that was not used for so long is put by. */
  screenIdleMs: number
  /** Output that one viewer may have unacked: what is on its way to the screen when Ctrl-C is pressed. */
  windowBytes: number
  /** Never fewer unacked, so that even a long round trip carries 64 KiB at a time. */
  minWindowBytes: number
  /** How much of a slow link's rate may be on its way, in ms: the delay of Ctrl-C that a person just notices. */
  windowMs: number
  /** Input that waits for a program which doesn't read. Past it the client is no longer read. */
  inputBytes: number
  /** Gap between pings; load balancers cut a connection idle for 20 s or more. */
  pingMs: number
  /** Without pong or progress for so long a viewer is lost. */
  lostMs: number
  /** How long a full ring stops the program, waiting for a lost viewer to come back. */
  holdMs: number
  /** From SIGHUP to SIGKILL when a session is ended: an editor has time to save what it would recover. */
  graceMs: number
  /** The same when the server stops, which has a second for it. */
  closeGraceMs: number
  /** How long the exit status and the last output of an ended session are kept. */
  keepEndedMs: number
}

const KiB = 1024
const MiB = 1024 * KiB

export const defaultLimits: Limits = {
  sessions: 256,
  replayBytes: 2 * MiB,
  replayBudgetBytes: 24 * MiB,
  recordingBytes: 8 * MiB,
  recordingBudgetBytes: 16 * MiB,
  castBytes: 128 * MiB,
  liveScreens: 4,
  screenBudgetBytes: 16 * MiB,
  screenIdleMs: 5000,
  windowBytes: MiB,
  minWindowBytes: 64 * KiB,
  windowMs: 200,
  inputBytes: 4 * MiB,
  pingMs: 5000,
  lostMs: 10_000,
  holdMs: 30_000,
  graceMs: 3000,
  closeGraceMs: 500,
  keepEndedMs: 600_000,
}
