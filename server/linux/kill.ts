import { readlinkSync } from 'node:fs'
import { ToolError } from '../core/errors.ts'

/**
 * kill(2) to one process. Throws Node's error: ESRCH (there is none), EPERM. Groups and "everybody" (pid 0 and below) are for the
 * caller to spell out. Throws ToolError where /proc numbers processes otherwise than kill(2) does.
 */
export function sendSignal(pid: number, signal: number): void {
  if (!Number.isInteger(pid) || pid < 1) throw new RangeError(`no signal goes to pid ${pid}`)
  if (readlinkSync('/proc/self') !== String(process.pid)) throw foreignProc()
  process.kill(pid, signal)
}

const foreignProc = () =>
  new ToolError('unavailable', 'the pids in /proc are those of another pid namespace than ditty runs in', {
    remedy: 'mount a proc filesystem of its own pid namespace on /proc',
  })
