import { readFileSync } from 'node:fs'

/**
 * The words that run this very Node. `process.execPath` won't do where the loader was called by name, as inside another root
 * (scripts/launcher.c): there it is the loader. The kernel's list of our words has loader, library path and Node in front.
 */
export function ownNode(): string[] {
  const words = ownWords()
  const at = words.indexOf(process.argv0)
  const start = at > 0 ? words.slice(0, at + 1) : [process.execPath]
  return [...start, ...process.execArgv.filter(flag => flag.startsWith('--preserve-symlinks'))]
}

function ownWords(): string[] {
  try {
    return readFileSync('/proc/self/cmdline', 'utf8').split('\0')
  } catch {
    return []
  }
}
