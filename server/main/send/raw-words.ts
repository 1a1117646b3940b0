import { readFileSync } from 'node:fs'

/**
 * The words of our command line as the bytes they are: a file's name need not be UTF-8, and Node has made U+FFFD of what isn't.
 * proc_pid_cmdline(5).
 */
export function rawWords(words: readonly string[]): Buffer[] {
  const text = words.map(word => Buffer.from(word))
  if (!words.some(word => word.includes('\ufffd'))) return text
  const all = readFileSync('/proc/self/cmdline').toString('latin1').split('\0').slice(0, -1)
  const last = all.slice(-words.length).map(word => Buffer.from(word, 'latin1'))
  // Someone who calls us from code, not from a command line, has given other words.
  return last.every((bytes, index) => bytes.toString() === words[index]) ? last : text
}
