import type { Name, Path } from '../api/container-files.ts'

/** For the eye: `/etc/nginx`. */
export const showPath = (path: Path): string => `/${path.map(({ name }) => name).join('/')}`

/** What a person typed: absolute, or relative to where they are; `..` goes up. */
export function typedPath(text: string, from: Path): Path {
  const path: Name[] = text.startsWith('/') ? [] : [...from]
  for (const name of text.split('/')) {
    if (name === '..') path.pop()
    else if (name !== '' && name !== '.') path.push({ name })
  }
  return path
}
