import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { fileProblem } from '../../server/core/file-problem.ts'

test('a file that can not be read is told of in plain words', () => {
  const problemOf = (path: string) => {
    try {
      readFileSync(path)
    } catch (error) {
      return fileProblem(error)
    }
  }
  expect(problemOf('/nonexistent/x')).toBe('No such file or directory')
  expect(problemOf('/')).toBe('Illegal operation on a directory')
  expect(fileProblem(new Error('anything else'))).toBe('Anything else')
})
