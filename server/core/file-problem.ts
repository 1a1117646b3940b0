/** What a file's error says, without errno, call and path: `No such file or directory`. */
export function fileProblem(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  const words = /^[A-Z][A-Z0-9]+: (.+?)(?:, \w+(?: '.*')?)?$/s.exec(message)?.[1] ?? message
  return words.charAt(0).toUpperCase() + words.slice(1)
}
