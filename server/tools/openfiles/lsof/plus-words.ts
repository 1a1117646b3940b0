import { ToolError } from '../../../core/errors.ts'
import type { Draft } from '../../../core/tool.ts'

/** Takes lsof's words that begin with a plus, and what stands behind them: `+D /srv`, `+L1`, `+c0`. False for any other word. */
export function takePlusWord(word: string, draft: Draft): boolean {
  const pending = draft.pendingPlus as string | undefined
  if (pending !== undefined) {
    delete draft.pendingPlus
    take(pending, word, draft)
    return true
  }
  const [, letter, attached = ''] = /^\+([A-Za-z])(.*)$/s.exec(word) ?? []
  if (letter === undefined) return false
  if (attached === '' && needsValue.has(letter)) draft.pendingPlus = `+${letter}`
  else take(`+${letter}`, attached, draft)
  return true
}

const needsValue = new Set(['D', 'd', 'c'])

function take(flag: string, value: string, draft: Draft): void {
  switch (flag) {
    case '+D':
      draft.below = [...((draft.below as string[] | undefined) ?? []), value]
      return
    case '+d':
      draft.directlyBelow = [...((draft.directlyBelow as string[] | undefined) ?? []), value]
      return
    case '+c':
      draft.commandWidth = wholeNumber(flag, value)
      return
    case '+L':
      draft.links = true
      if (value !== '') draft.linksBelow = wholeNumber(flag, value)
      return
    case '+f':
      draft.pathsMean = 'filesystem'
      return
    case '+w':
      draft.warnings = true
      return
    default:
      throw new ToolError('invalid_input', `lsof has no flag ${flag}; lsof --help lists those it has`)
  }
}

function wholeNumber(flag: string, value: string): number {
  if (/^\d+$/.test(value)) return Number(value)
  throw new ToolError('invalid_input', `${flag} takes a number, not '${value}'`)
}
