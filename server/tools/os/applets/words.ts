/** A word more in a list. */
export const addWord = (word: string, previous: unknown): string[] => [
  ...((previous as string[] | undefined) ?? []),
  word,
]
