/** A glob of --include and its like: fnmatch(3), on a name or, where it has a slash, on the end of a path. */
export function globTest(globs: readonly string[]): ((path: string) => boolean) | undefined {
  if (globs.length === 0) return undefined
  const tests = globs.map(glob => ({
    regexp: new RegExp(`^${glob.includes('/') ? '(?:.*/)?' : ''}${source(glob)}$`, 'su'),
    isPath: glob.includes('/'),
  }))
  return path => tests.some(({ regexp, isPath }) => regexp.test(isPath ? path : path.slice(path.lastIndexOf('/') + 1)))
}

function source(glob: string): string {
  let text = ''
  for (let at = 0; at < glob.length; at++) {
    const character = glob[at]!
    if (character === '*') text += '.*'
    else if (character === '?') text += '.'
    else if (character === '[') {
      const end = glob.indexOf(']', at + (/[!^]/.test(glob[at + 1] ?? '') ? 3 : 2))
      if (end < 0) text += '\\['
      else {
        const inside = glob.slice(at + 1, end).replace(/[\\\]^[&~|-]/g, inner => (inner === '-' ? '-' : `\\${inner}`))
        text += `[${inside.replace(/^(?:!|\\\^)/, '^')}]`
        at = end
      }
    } else if (character === '\\' && at + 1 < glob.length) text += escaped(glob[++at]!)
    else text += escaped(character)
  }
  return text
}

const escaped = (character: string) => character.replace(/[\\^$.*+?()[\]{}|/-]/, '\\$&')
