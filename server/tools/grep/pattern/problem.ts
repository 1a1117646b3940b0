/** What is wrong with a pattern, in the words of GNU grep. */
export class PatternError extends Error {
  override readonly name = 'PatternError'
}
