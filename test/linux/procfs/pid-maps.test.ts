import { expect, test } from 'vitest'
import { linuxAt } from '../../../server/linux/linux.ts'
import { parseMappedFiles, readMappedFiles } from '../../../server/linux/procfs/pid-maps.ts'

test('files are named once each, with spaces and what was deleted; the rest of memory is no file', () => {
  const text = `55e722cd0000-55e722cd3000 r--p 00000000 fe:00 260850                     /usr/bin/a b
55e722cd3000-55e722ce7000 r-xp 00003000 fe:00 260850                     /usr/bin/a b
55e7236aa000-55e7236cb000 rw-p 00000000 00:00 0                          [heap]
7fd984b66000-7fd984bbd000 r--p 00000000 fe:00 329635                     /lib/x.so (deleted)
7fd984bbd000-7fd984bbe000 rw-p 00000000 00:00 0
`
  expect(parseMappedFiles(text)).toEqual(['/usr/bin/a b', '/lib/x.so (deleted)'])
})

test('this process has its own program mapped', () => {
  expect(readMappedFiles(linuxAt('/'), process.pid)).toContain(process.execPath)
})
