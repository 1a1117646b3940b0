import { ToolError } from '../../core/errors.ts'

/** Reads one of the words that a flag takes, or the beginning of just one meaning. */
export const choiceOf =
  (flag: string, choices: Readonly<Record<string, string>>) =>
  (word: string): string => {
    const exact = Object.hasOwn(choices, word) ? [choices[word]!] : []
    const near = Object.keys(choices).filter(choice => word !== '' && choice.startsWith(word))
    const [meaning, other] = exact.length > 0 ? exact : new Set(near.map(choice => choices[choice]!))
    if (meaning !== undefined && other === undefined) return meaning
    throw new ToolError('invalid_input', `${flag} takes one of ${Object.keys(choices).join(', ')}, not '${word}'`)
  }
