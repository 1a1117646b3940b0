/** Breaks text between words into lines of at most `columns` characters; a longer word stands alone. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = []
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1)
    if (last === undefined || last.length + 1 + word.length > columns) lines.push(word)
    else lines[lines.length - 1] = `${last} ${word}`
  }
  return lines
}

/** Fills paragraphs anew; indented lines, which are examples, stay as they are. */
export function wrapParagraphs(text: string, columns: number): string {
  const paragraphs = text.split(/\n{2,}/)
  return paragraphs
    .map(paragraph => (paragraph.startsWith(' ') ? paragraph : wrapProse(paragraph, columns)))
    .join('\n\n')
}

/** The examples that follow a sentence without an empty line stay below it. */
function wrapProse(paragraph: string, columns: number): string {
  const lines = paragraph.split('\n')
  const examples = lines.findIndex(line => line.startsWith(' '))
  const prose = examples < 0 ? lines : lines.slice(0, examples)
  return [...wrap(prose.join(' '), columns), ...(examples < 0 ? [] : lines.slice(examples))].join('\n')
}
