import { expect, test } from 'vitest'
import { containersOf } from '../../../server/linux/cgroup/container-of.ts'

const containerOf = (path: string) => containersOf(path).at(-1)

const id = '025d7d2f48e46d64a6cec7bf5f1b616765be69e596f6e50101e409b3432fac77'
const outer = 'dce6424ca5fa11cbb880e4777dd158a86b2663bc9f4268d980da8f17a8402ad7'
const uid = 'e3b22309-25aa-4231-b39d-84e116659921'
const slice = `kubepods-burstable-pod${uid.replaceAll('-', '_')}.slice`

test.each([
  [`/kubepods/burstable/pod${uid}/${id}`, null, uid],
  [`/kubepods.slice/kubepods-burstable.slice/${slice}/cri-containerd-${id}.scope`, 'containerd', uid],
  [`/kubepods.slice/kubepods-burstable.slice/${slice}/crio-${id}.scope`, 'cri-o', uid],
  [`/kubepods.slice/kubepods-burstable.slice/${slice}/crio-${id}.scope/container`, 'cri-o', uid],
  [`/kubepods.slice/kubepods-burstable.slice/${slice}/docker-${id}.scope`, 'docker', uid],
  [`/system.slice/containerd.service/${slice}:cri-containerd:${id}`, 'containerd', uid],
  [`/kubepods/besteffort/pod0123456789abcdef0123456789abcdef/${id}`, null, '0123456789abcdef0123456789abcdef'],
  [`/kubepods/pod${uid}/${id}`, null, uid],
  [`/kubepods/besteffort/pod${uid}/crio-${id}`, 'cri-o', uid],
  [`/kubepods.slice/kubepods-pod${uid.replaceAll('-', '_')}.slice/cri-containerd-${id}.scope`, 'containerd', uid],
  [`/${slice}:cri-containerd:${id}`, 'containerd', uid],
  [`/kubelet/kubepods/besteffort/pod${uid}/${id}`, null, uid],
  [`/docker/${id}`, 'docker', null],
  [`/system.slice/docker-${id}.scope`, 'docker', null],
  [`/machine.slice/libpod-${id}.scope/container`, 'podman', null],
  [`/libpod_parent/libpod-${id}`, 'podman', null],
  [`/libpod_parent/${outer}/libpod-${id}`, 'podman', null],
  [`/machine.slice/machine-libpod_pod_${outer}.slice/libpod-${id}.scope/container`, 'podman', null],
  [`/system.slice/web.service/libpod-payload-${id}`, 'podman', null],
  [`/user.slice/user-1000.slice/user@1000.service/user.slice/docker-${id}.scope`, 'docker', null],
  [`/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-${id}.scope`, 'podman', null],
  [`/system.slice/nerdctl-${id}.scope`, 'containerd', null],
  [`/../${id}`, null, null],
  [`/../cri-containerd-${id}.scope`, 'containerd', null],
  [`/docker/${id} (deleted)`, 'docker', null],
])('%s', (path, runtime, podUid) => {
  expect(containerOf(path)).toEqual({ id, runtime, podUid })
})

test('of nested containers the innermost counts', () => {
  const kind = `/docker/${outer}/kubelet.slice/kubelet-kubepods.slice/kubelet-${slice}/cri-containerd-${id}.scope`
  expect(containerOf(kind)).toEqual({ id, runtime: 'containerd', podUid: uid })
  expect(containerOf(`/docker/${outer}/docker/${id}`)?.id).toBe(id)
  expect(containerOf(`/docker/${outer}/init.scope`)?.id).toBe(outer)
  expect(containerOf(`/docker/${outer}/libpod_parent/conmon`)?.id).toBe(outer)
  expect(containerOf(`/machine.slice/libpod-${outer}.scope/container/kubelet.slice/crio-${id}.scope`)?.id).toBe(id)
})

test('containers that are named instead of numbered', () => {
  expect(containerOf('/lxc/web/init.scope')).toMatchObject({ id: 'web', runtime: 'lxc' })
  expect(containerOf('/lxc.payload.web')).toMatchObject({ id: 'web', runtime: 'lxc' })
  expect(containerOf('/machine.slice/machine-web.scope/payload')).toMatchObject({
    id: 'web',
    runtime: 'systemd-nspawn',
  })
  expect(containerOf('/lxc.payload/web')).toMatchObject({ id: 'web', runtime: 'lxc' })
  for (const unit of ['machine-my\\x2dweb.scope', 'systemd-nspawn@my\\x2dweb.service'])
    expect(containerOf(`/machine.slice/${unit}/payload/system.slice`)).toMatchObject({ id: 'my-web' })
})

test.each([
  '/',
  '',
  '/../..',
  '/system.slice/containerd.service',
  '/user.slice/user-1000.slice/session-2.scope',
  `/machine.slice/libpod-conmon-${id}.scope`,
  `/kubepods.slice/${slice}/crio-conmon-${id}.scope`,
  `/libpod_parent/${id}/conmon`,
  `/libpod_parent/${id}`,
  `/pods.slice/${id}/conmon`,
  '/libpod_parent/conmon',
  '/system.slice/web.service/runtime',
  '/lxc.monitor.web',
  '/lxc.monitor/web',
  '/lxc/\x1b[31mweb',
  '/machine.slice/machine-web.scope/supervisor',
  '/machine.slice/systemd-nspawn@web.service/supervisor',
  '/machine.slice/machine-qemu\\x2d1\\x2dweb.scope/libvirt/emulator',
  '/process_api/25f805aac2e8ae43640d9dbc4fc5bd92',
  `/docker/${id.slice(1)}`,
])('%s is no container', path => {
  expect(containerOf(path)).toBeUndefined()
})
