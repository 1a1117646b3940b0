import { expect, test } from 'vitest'
import { MountTree } from '../../../server/linux/mounts/mount-tree.ts'
import { parseMountEntries } from '../../../server/linux/procfs/pid-mountinfo.ts'

const treeOf = (...lines: string[]) => new MountTree(parseMountEntries(Buffer.from(lines.join('\n'), 'latin1')))
const line = (id: number, parent: number, mountPoint: string) =>
  `${id} ${parent} 0:${id} / ${mountPoint} rw - tmpfs t${id} rw`
const idsTo = (tree: MountTree, path: string) => tree.through(path).map(({ id }) => id)

test('a path leads through what is mounted on its way', () => {
  const tree = treeOf(line(1, 0, '/'), line(2, 1, '/a'), line(3, 2, '/a/b'))
  expect(idsTo(tree, '/')).toEqual([1])
  expect(idsTo(tree, '/a')).toEqual([1, 2])
  expect(idsTo(tree, '/a/c')).toEqual([1, 2])
  expect(idsTo(tree, '/a/b/c/d')).toEqual([1, 2, 3])
  expect(idsTo(tree, '/ab')).toEqual([1])
})

test('what is mounted on top covers what stood there, and all below that', () => {
  const tree = treeOf(line(1, 0, '/'), line(2, 1, '/a'), line(3, 2, '/a/b'), line(4, 2, '/a'), line(5, 4, '/a'))
  expect(idsTo(tree, '/a')).toEqual([1, 5])
  expect(idsTo(tree, '/a/b')).toEqual([1, 5])
})

test('the root may be stacked, its own parent, or out of sight', () => {
  expect(idsTo(treeOf(line(7, 7, '/'), line(8, 7, '/'), line(9, 8, '/a')), '/a/x')).toEqual([8, 9])
  expect(idsTo(treeOf(line(9, 5, '/a'), line(10, 9, '/a/b')), '/a/b')).toEqual([9, 10])
  expect(idsTo(treeOf(line(9, 5, '/a')), '/c')).toEqual([])
  expect(idsTo(treeOf(), '/')).toEqual([])
})

test('the nearest above is found however deep the tree is', () => {
  const lines = Array.from({ length: 20_000 }, (_, at) => line(at + 1, at, '/'))
  const tree = treeOf(...lines)
  const some = [tree.entries[0]!, tree.entries[9_999]!]
  const above = tree.nearestAbove(some)
  expect(new Set(tree.entries.map(entry => above(entry)?.id))).toEqual(new Set([undefined, 1, 10_000]))
})

test('a line of mountinfo has paths of any bytes, and any number of optional fields', () => {
  const [entry, bare] = parseMountEntries(
    Buffer.from(
      '36 35 98:0 /r\\040oot /m\\134nt\xff rw,noatime shared:1 master:2 - fuse.x host:/a\\011b ro,err=\\054\n1 0 0:1 / / rw - tmpfs  rw\nbroken',
      'latin1',
    ),
  )
  expect(entry).toEqual({
    id: 36,
    parentId: 35,
    device: '98:0',
    root: '/r oot',
    mountPoint: '/m\\nt\xff',
    options: 'rw,noatime',
    propagation: ['shared:1', 'master:2'],
    fsType: 'fuse.x',
    source: 'host:/a\tb',
    superOptions: 'ro,err=,',
  })
  expect(bare).toMatchObject({ source: '', superOptions: 'rw', propagation: [] })
})
