import { expect, test } from 'vitest'
import { mountHints } from '../../../server/linux/namespaces/mount-hints.ts'
import { parsePidMountinfo } from '../../../server/linux/procfs/pid-mountinfo.ts'

const id = '025d7d2f48e46d64a6cec7bf5f1b616765be69e596f6e50101e409b3432fac77'
const uid = 'e3b22309-25aa-4231-b39d-84e116659921'
const hintsOf = (root: string, mountPoint: string) =>
  mountHints(parsePidMountinfo(`1 2 254:0 ${root} ${mountPoint} rw - ext4 /dev/vda rw\n`))

test("podman and docker mount files that carry the container's id", () => {
  const podman = `/run/containers/storage/overlay-containers/${id}/userdata/.containerenv`
  expect(hintsOf(podman, '/run/.containerenv')).toMatchObject({ id, runtime: 'podman' })
  expect(hintsOf(`/var/lib/docker/containers/${id}/hostname`, '/etc/hostname')).toMatchObject({
    id: null,
    hostnameId: id,
    runtime: 'docker',
  })
})

test('the same paths elsewhere, as when a container mounts the node, say nothing', () => {
  const nothing = { id: null, hostnameId: null, name: null, podUid: null, sandboxId: null, runtime: null }
  expect(hintsOf(`/var/lib/docker/containers/${id}/hostname`, '/host/hostname')).toEqual(nothing)
  expect(mountHints([])).toEqual(nothing)
})

test('escaped paths are read and broken lines passed over', () => {
  const text = '1 2 0:1 /a\\040b /c\\134d rw shared:1 - tmpfs tmpfs rw,size=1\nbroken\n1 2 3\n'
  expect(parsePidMountinfo(text)).toEqual([
    {
      id: 1,
      device: '0:1',
      root: '/a b',
      mountPoint: '/c\\d',
      options: 'rw',
      fsType: 'tmpfs',
      superOptions: 'rw,size=1',
    },
  ])
})

test("a container's name is one that Kubernetes would have given", () => {
  const nameIn = (name: string) =>
    hintsOf(`/var/lib/kubelet/pods/${uid}/containers/${name}/44a3`, '/dev/termination-log').name
  expect(nameIn('app-1')).toBe('app-1')
  for (const name of ['\x1b[31mapp', 'App', '-app', 'a'.repeat(64), '..'])
    expect([name, nameIn(name)]).toEqual([name, null])
})
