import { expect, test } from 'vitest'
import { Speed, showBytes, showTime } from '../../web/files/amounts.ts'
import { chosenBundles } from '../../web/files/dropped.ts'
import { pathInUri } from '../../web/files/file-uri.ts'

test.each([
  ['file:///etc/hostname', '/etc/hostname'],
  ['FILE://some-host/a%20b/%E6%B5%B7', '/a b/海'],
  ['file:///海 图', '/海 图'],
  ['file:///100%', '/100%'],
  ['file:///%ff', '/\xff'],
])('%s leads to %s', (uri, path) => {
  const bytes = Buffer.from(pathInUri(uri)!)
  expect(bytes.equals(Buffer.from(path)) || bytes.equals(Buffer.from(path, 'latin1'))).toBe(true)
})

test.each([
  'file:',
  'file:/x',
  'file://host',
  'file:///a?b',
  'file:///a#b',
  'file:///a%00',
  `file:///${'x'.repeat(5000)}`,
  'javascript:alert(1)',
  'http://host/file:///x',
  ' file:///x',
])('%s leads nowhere', uri => {
  expect(pathInUri(uri)).toBeUndefined()
})

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.0 KB'],
  [4_700_000_000, '4.7 GB'],
  [123_456_789, '123 MB'],
])('%d bytes are shown as %s', (bytes, text) => {
  expect(showBytes(bytes)).toBe(text)
})

test.each([
  [0.2, '0:01'],
  [59, '0:59'],
  [3723, '1:02:03'],
])('%d seconds are shown as %s', (seconds, text) => {
  expect(showTime(seconds)).toBe(text)
})

test('speed is that of the last seconds, and falls to nothing when nothing comes', () => {
  const speed = new Speed()
  expect(speed.at(0, 0)).toBe(0)
  for (let time = 100; time <= 2000; time += 100) speed.at(time * 10, time)
  expect(speed.at(20_000, 2000)).toBe(10_000)
  for (let time = 2100; time <= 8000; time += 100) speed.at(20_000, time)
  expect(speed.at(20_000, 8000)).toBe(0)
})

test('files that were chosen stand together by the folder they are in', async () => {
  const files = ['tree/a', 'tree/inner/b', ''].map(
    (webkitRelativePath, index) => ({ name: `${index}`, webkitRelativePath }) as File,
  )
  const bundles = chosenBundles(files)
  expect(bundles.map(({ name, isFolder }) => [name, isFolder])).toEqual([
    ['tree', true],
    ['2', false],
  ])
  const paths: string[] = []
  for await (const { path } of bundles[0]!.items()) paths.push(path)
  expect(paths).toEqual(['tree/a', 'tree/inner/b'])
})
