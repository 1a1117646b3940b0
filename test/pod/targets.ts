import { createHash } from 'node:crypto'
import { createReadStream, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildImage, buildStripped, buildTarget, must } from './podman.ts'

export const httpd = (port: number) => [
  'localhost/ditty-test-target',
  ...['/httpd', '-f', '-p', String(port), '-h', '/'],
]

/** What people stand before: the flags, image and command of `podman run`. */
export const targets = {
  'a scratch image on a read-only root': ['--read-only', ...httpd(9001)],
  'a scratch image that can be written': httpd(9002),
  'Debian, with programs and libraries of its own': ['docker.io/library/node:24-bookworm-slim', 'sleep', '1000000'],
  busybox: ['localhost/ditty-test-busybox'],
  'musl, with a program of its own': ['localhost/ditty-test-musl'],
  'another UID without capabilities': ['--user', '1000:1000', '--cap-drop', 'ALL', ...httpd(9003)],
}

export type TargetKind = keyof typeof targets

export const kinds = Object.keys(targets) as TargetKind[]

/** The images of all of them, and ditty's. */
export async function buildAll(): Promise<void> {
  await buildStripped()
  await buildImage()
  await buildTarget('musl')
}

export const idOf = (name: string) => must('inspect', '--format', '{{.Id}}', name)

/** Every name, mode, owner, time and byte of a container's files, as one checksum. */
export async function treeOf(name: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'ditty-tree-'))
  try {
    await must('export', '--output', join(folder, 'tar'), name)
    const hash = createHash('sha256')
    for await (const bytes of createReadStream(join(folder, 'tar'))) hash.update(bytes)
    return hash.digest('hex')
  } finally {
    rmSync(folder, { recursive: true })
  }
}
