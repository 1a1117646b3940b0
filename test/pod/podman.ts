import { execFile } from 'node:child_process'
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
export const root = resolve(import.meta.dirname, '../..')
export const environment: Record<string, string | undefined> = {
  ...process.env,
  CONTAINERS_CONF: join(import.meta.dirname, 'containers.conf'),
}

export interface Ended {
  status: number
  stdout: string
  stderr: string
}

/** Runs podman to its end, whatever its status. */
export async function podman(...words: string[]): Promise<Ended> {
  try {
    const { stdout, stderr } = await run('podman', words, { env: environment, maxBuffer: 1 << 28 })
    return { status: 0, stdout, stderr }
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string }
    return { status: code, stdout, stderr }
  }
}

/** The same, where anything but success is a fault of the test's surroundings. */
export async function must(...words: string[]): Promise<string> {
  const { status, stdout, stderr } = await podman(...words)
  if (status !== 0) throw new Error(`podman ${words.join(' ')}: ${status}: ${stderr}`)
  return stdout.trim()
}

/** The image as everybody builds it; the base comes from Debian packages and npm where no registry is in reach. */
export const buildImage = () =>
  run(join(root, 'scripts/image'), ['--offline'], { cwd: root, env: environment, maxBuffer: 1 << 28 })

/** Images with nothing but one static binary: what a stripped target is, and what holds a pod's namespaces. */
export async function buildStripped(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'ditty-pod-'))
  copyFileSync((await run('/bin/sh', ['-c', 'command -v busybox'])).stdout.trim(), join(folder, 'busybox'))
  for (const [name, file] of Object.entries(stripped)) {
    writeFileSync(join(folder, 'Dockerfile'), file)
    await must('build', '--quiet', '--network', 'host', '--tag', name, folder)
  }
  rmSync(folder, { recursive: true })
}

const stripped = {
  'ditty-test-target': 'FROM scratch\nCOPY busybox /httpd\nCMD ["/httpd", "-f", "-p", "8080", "-h", "/"]\n',
  'ditty-test-pause': 'FROM scratch\nCOPY busybox /sleep\nCMD ["/sleep", "1000000"]\n',
  'ditty-test-busybox': `FROM scratch\nCOPY busybox /bin/busybox\nRUN ["/bin/busybox", "--install", "-s", "/bin"]\nCMD ["/bin/sleep", "1000000"]\n`,
}

/** `ditty-test-NAME` of images/NAME; its base is that of ditty's own image, so that one is built first. */
export function buildTarget(name: 'nginx' | 'musl'): Promise<string> {
  const folder = join(import.meta.dirname, 'images', name)
  return must('build', '--quiet', '--network', 'host', '--tag', `ditty-test-${name}`, folder)
}

/** A pod as Kubernetes makes one with shareProcessNamespace, and a stripped container in it. */
export async function startPod(name: string): Promise<AsyncDisposable & { name: string }> {
  const shared = ['--share', 'pid,net,uts,ipc', '--network', 'none']
  const infra = ['--infra-image', 'localhost/ditty-test-pause', '--infra-command', '/sleep 1000000']
  await must('pod', 'create', '--name', name, ...shared, ...infra, '--sysctl', 'net.ipv4.ping_group_range=0 2147483647')
  await must('run', '--detach', '--pod', name, '--name', `${name}-target`, 'localhost/ditty-test-target')
  return {
    name,
    async [Symbol.asyncDispose]() {
      await podman('pod', 'rm', '--force', '--time', '0', name)
    },
  }
}

/** The most that Pod Security's *restricted* leaves, with a read-only root and no /tmp. */
export const restricted = [
  ...['--user', '65532', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges'],
  ...['--read-only', '--read-only-tmpfs=false', '--memory', '128m'],
]

/** A command inside a running container; its last words are the command. */
export const inside = (container: string, ...words: string[]) => podman('exec', container, ...words)
