import { firstThere, type Inside, namesIn, textAt } from './inside.ts'
import type { HintEvent } from './schema.ts'

type Hint = Omit<HintEvent, 'type'>

/** What builders and engines leave in an image: a path, and what it means. */
const marks: { path: string; kind: 'file' | 'directory'; topic: HintEvent['topic']; text: string }[] = [
  { path: '/.dockerenv', kind: 'file', topic: 'engine', text: 'started by Docker' },
  {
    path: '/var/run/secrets/kubernetes.io/serviceaccount',
    kind: 'directory',
    topic: 'orchestrator',
    text: 'a Kubernetes service account is mounted',
  },
  { path: '/cnb', kind: 'directory', topic: 'builder', text: 'built by Cloud Native Buildpacks' },
  {
    path: '/layers/config/metadata.toml',
    kind: 'file',
    topic: 'builder',
    text: 'Cloud Native Buildpacks keep their layers here',
  },
  {
    path: '/opt/bitnami',
    kind: 'directory',
    topic: 'builder',
    text: 'a Bitnami image: programs, configuration and logs are below',
  },
  { path: '/ko-app', kind: 'directory', topic: 'builder', text: 'built by ko' },
  { path: '/app/jib-classpath-file', kind: 'file', topic: 'builder', text: 'built by Jib; the classpath is in it' },
  {
    path: '/etc/apko.json',
    kind: 'file',
    topic: 'builder',
    text: 'built by apko (Wolfi, Chainguard); its package list is in it',
  },
  { path: '/usr/libexec/s2i', kind: 'directory', topic: 'builder', text: 'a source-to-image (s2i) builder image' },
  {
    path: '/opt/app-root',
    kind: 'directory',
    topic: 'builder',
    text: 'a Software Collections (s2i) image: the application is below',
  },
  { path: '/nix/store', kind: 'directory', topic: 'builder', text: 'made with Nix' },
  { path: '/gnu/store', kind: 'directory', topic: 'builder', text: 'made with Guix' },
  { path: '/kaniko', kind: 'directory', topic: 'builder', text: 'kaniko runs here' },
  { path: '/etc/s6-overlay', kind: 'directory', topic: 'init', text: 's6-overlay starts the services' },
  { path: '/etc/supervisor', kind: 'directory', topic: 'init', text: 'supervisord is configured here' },
  { path: '/etc/image-id', kind: 'file', topic: 'builder', text: 'an Amazon Linux image id' },
  { path: '/BOOT-INF', kind: 'directory', topic: 'builder', text: 'an unpacked Spring Boot application' },
  { path: '/workspace/BOOT-INF', kind: 'directory', topic: 'builder', text: 'an unpacked Spring Boot application' },
  { path: '/app/BOOT-INF', kind: 'directory', topic: 'builder', text: 'an unpacked Spring Boot application' },
]

/** Variables by which an orchestrator or a builder shows. */
const variables: { name: string; topic: HintEvent['topic']; text: string }[] = [
  { name: 'KUBERNETES_SERVICE_HOST', topic: 'orchestrator', text: 'runs in Kubernetes' },
  { name: 'OPENSHIFT_BUILD_NAME', topic: 'builder', text: 'built by OpenShift' },
  { name: 'OPENSHIFT_BUILD_COMMIT', topic: 'builder', text: 'built from this commit' },
  { name: 'KO_DATA_PATH', topic: 'builder', text: 'built by ko' },
  { name: 'CNB_STACK_ID', topic: 'builder', text: 'built on this buildpack stack' },
  { name: 'LAMBDA_TASK_ROOT', topic: 'orchestrator', text: 'an AWS Lambda image' },
  { name: 'NOMAD_ALLOC_ID', topic: 'orchestrator', text: 'runs in Nomad' },
  { name: 'ECS_CONTAINER_METADATA_URI_V4', topic: 'orchestrator', text: 'runs in Amazon ECS' },
  { name: 'container', topic: 'engine', text: 'the engine says what it is' },
]

/** An image's labels and history stay with the runtime; this is what shows from inside. */
export async function* readHints(inside: Inside): AsyncGenerator<HintEvent> {
  for (const { path, kind, topic, text } of marks)
    if (await firstThere(inside, [path], kind)) yield { type: 'hint', topic, text, evidence: path }
  for (const { name, topic, text } of variables) {
    const value = inside.environment?.get(name)
    if (value !== undefined) yield { type: 'hint', topic, text, evidence: `${name}=${value}` }
  }
  for (const hint of [...(await podman(inside)), ...(await redHat(inside)), ...(await distroless(inside))])
    yield { type: 'hint', ...hint }
}

/** Podman tells engine and image where it runs privileged; otherwise the file is empty. */
async function podman(inside: Inside): Promise<Hint[]> {
  const path = '/run/.containerenv'
  const text = await textAt(inside, path)
  if (text === undefined) return []
  const field = (name: string) => new RegExp(`^${name}="(.*)"$`, 'm').exec(text)?.[1]
  const told = [field('engine'), field('image') && `image ${field('image')}`].filter(Boolean).join(', ')
  return [{ topic: 'engine', text: `started by Podman${told ? `: ${told}` : ''}`, evidence: path }]
}

/** Red Hat's build system leaves the Dockerfile of each layer, named after image and version. */
async function redHat(inside: Inside): Promise<Hint[]> {
  const directory = '/root/buildinfo'
  const names = (await namesIn(inside, directory)).filter(name => name.startsWith('Dockerfile-'))
  return names.map(name => ({
    topic: 'builder',
    text: `a layer of ${name.slice('Dockerfile-'.length)}`,
    evidence: `${directory}/${name}`,
  }))
}

async function distroless(inside: Inside): Promise<Hint[]> {
  const path = '/var/lib/dpkg/status.d'
  const isDistroless = await firstThere(inside, [path], 'directory')
  return isDistroless
    ? [{ topic: 'builder', text: 'a distroless image: no package manager, one file for each package', evidence: path }]
    : []
}
