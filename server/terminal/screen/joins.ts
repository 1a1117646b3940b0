/** NUL: ignored, but what follows it never joins what stands before. One byte less than any sequence. */
export const joinBreak = '\0'

/** Ranges of characters that neither join the one before them nor let one of these ranges join: no breaks among them. */
const simple = [
  [0x20, 0x7e],
  [0xb0, 0x2ff],
  [0x370, 0x3ff],
  [0x400, 0x481],
  [0x2500, 0x259f],
  [0x3001, 0x3029],
  [0x3041, 0x3096],
  [0x30a1, 0x30fa],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xac00, 0xd7a3],
  [0xff01, 0xff60],
] as const

/** Whether two such characters side by side are surely two cells. */
export function isSimple(codePoint: number): boolean {
  if (codePoint <= 0x7e) return codePoint >= 0x20
  for (const [first, last] of simple) if (codePoint >= first && codePoint <= last) return true
  return false
}
