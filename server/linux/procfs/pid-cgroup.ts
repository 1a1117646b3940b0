import type { Linux } from '../linux.ts'

export interface CgroupLine {
  /** 0 is the unified hierarchy of cgroup v2. */
  hierarchy: number
  /** v1 controllers (`memory`, `name=systemd`); empty for v2. */
  controllers: string[]
  /** As seen from the reader's cgroup namespace: a cgroup outside of it starts with `/..`. */
  path: string
}

/** `4:memory:/kubepods/burstable/pod…/025d…` or `0::/../cri-containerd-025d….scope`. Source: proc_cgroup_show(). */
export function parsePidCgroup(text: string): CgroupLine[] {
  return text.split('\n').flatMap(line => {
    const [hierarchy, controllers, ...path] = line.split(':')
    if (controllers === undefined || path.length === 0) return []
    return [{ hierarchy: Number(hierarchy), controllers: controllers.split(',').filter(Boolean), path: path.join(':') }]
  })
}

export const readPidCgroup = (linux: Linux, pid: number | 'self') =>
  parsePidCgroup(linux.peek(`/proc/${pid}/cgroup`).toString('utf8'))
