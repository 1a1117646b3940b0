import type { Linux } from '../linux.ts'
import { CgroupFiles, type Gap, type Limit, tighter } from './cgroup-files.ts'
import type { CgroupPlace } from './find-cgroup.ts'
import type { Effective } from './resources.ts'

/** A cgroup and those above it. */
export class CgroupLevels {
  readonly version: 1 | 2
  readonly files: CgroupFiles
  readonly path: string
  readonly #above: { path: string; files: CgroupFiles }[]

  constructor(linux: Linux, place: CgroupPlace & { directory: string }) {
    this.files = new CgroupFiles(linux, place.directory)
    this.version = place.version
    this.path = place.path
    this.#above = place.above.map(({ path, directory }) => ({ path, files: new CgroupFiles(linux, directory) }))
  }

  /** The tightest limit, the nearest of equals. The root of a hierarchy has none, so its missing file is no gap. */
  effective(own: Limit | null, read: (files: CgroupFiles) => Limit | null): Effective {
    let effective: Effective = { value: own, path: own === null || own === 'max' ? null : this.path }
    for (const { path, files } of this.#above) {
      const value = tighter(effective.value, read(files))
      if (value !== effective.value) effective = { value, path: value === 'max' ? null : path }
    }
    return effective
  }

  get gaps(): Gap[] {
    const above = this.#above.flatMap(({ files }) => files.gaps).filter(({ why }) => why !== 'ENOENT')
    return [...this.files.gaps, ...above]
  }
}
