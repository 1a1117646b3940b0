import { type Inside, namesIn, textAt } from './inside.ts'
import type { Executable } from './program.ts'
import { parseOsRelease } from './release.ts'
import type { RuntimeEvent } from './schema.ts'

type Found = Omit<RuntimeEvent, 'type'>
interface Program {
  executable: Executable
  /** Of the executable, without its directory. */
  name: string
  /** Above the executable's `bin`. */
  home: string
}

/**
 * What the main process is written in or run by, with a version where a file, a section or a variable tells it; nothing is
 * executed. An image's variables (`NODE_VERSION`) count only where nothing better tells, as they outlive an upgrade.
 */
export async function readRuntimes(inside: Inside, executable: Executable): Promise<RuntimeEvent[]> {
  const { path, go, compilers } = executable
  const clean = path.replace(/ \(deleted\)$/, '')
  const name = clean.slice(clean.lastIndexOf('/') + 1)
  const home = clean.slice(0, clean.lastIndexOf('/')).replace(/\/s?bin$/, '')
  const program = { executable, name, home }
  const found: (Found | undefined)[] = [
    go && ofGo(go),
    compiled(executable, compilers),
    await interpreted(inside, program),
  ]
  return found.filter(runtime => runtime !== undefined).map(runtime => ({ type: 'runtime', ...runtime }))
}

function ofGo({ goVersion, path, module, settings, dependencies }: NonNullable<Executable['go']>): Found {
  const details: Record<string, string> = { ...(path ? { path } : {}), dependencies: String(dependencies) }
  if (module) details.module = [module.path, module.version].filter(Boolean).join(' ')
  for (const name of ['vcs.revision', 'vcs.time', 'vcs.modified', 'CGO_ENABLED', 'GOARCH', '-tags'])
    if (settings[name] !== undefined) details[name] = settings[name]
  return { name: 'Go', version: goVersion, evidence: '.go.buildinfo', details }
}

function compiled({ elf }: Executable, compilers: readonly string[]): Found | undefined {
  const rust = compilers.map(text => /^rustc version (\S+)/.exec(text)?.[1]).find(Boolean)
  if (rust) return { name: 'Rust', version: rust, evidence: '.comment', details: {} }
  if (elf.sections.some(({ name }) => name === '.svm_heap'))
    return { name: 'GraalVM native image', version: null, evidence: '.svm_heap', details: {} }
  return undefined
}

const interpreters: { pattern: RegExp; read(inside: Inside, program: Program): Promise<Found> }[] = [
  { pattern: /^java$/, read: ofJava },
  { pattern: /^(python|pypy)[\d.]*$/, read: ofPython },
  { pattern: /^node(js)?$/, read: ofNode },
  { pattern: /^ruby[\d.]*$/, read: ofRuby },
  { pattern: /^php(-fpm|-cgi)?[\d.]*$/, read: ofPhp },
  { pattern: /^dotnet$/, read: ofDotnet },
  { pattern: /^perl[\d.]*$/, read: byName('Perl', 'PERL_VERSION') },
  { pattern: /^beam(\.smp)?$/, read: ofErlang },
  { pattern: /^deno$/, read: byName('Deno', 'DENO_VERSION') },
  { pattern: /^bun$/, read: byName('Bun', 'BUN_VERSION') },
]

async function interpreted(inside: Inside, program: Program): Promise<Found | undefined> {
  const known = interpreters.find(({ pattern }) => pattern.test(program.name))
  return known?.read(inside, program)
}

function fromVariable({ environment }: Inside, name: string, variable: string): Found {
  const version = environment?.get(variable) ?? null
  return { name, version, evidence: version === null ? null : `$${variable}`, details: {} }
}

function byName(name: string, variable: string) {
  return async (inside: Inside, program: Program): Promise<Found> => {
    const version = /(\d+(\.\d+)+)$/.exec(program.name)?.[1]
    return version
      ? { name, version, evidence: program.executable.path, details: {} }
      : fromVariable(inside, name, variable)
  }
}

async function ofJava(inside: Inside, { home }: Program): Promise<Found> {
  // A JRE within a JDK 8 keeps its release file above itself.
  for (const path of [`${home}/release`, `${home.replace(/\/jre$/, '')}/release`]) {
    const fields = parseOsRelease((await textAt(inside, path)) ?? '')
    const version = fields.get('JAVA_VERSION')
    if (!version) continue
    const details: Record<string, string> = { home }
    const vendor = fields.get('IMPLEMENTOR')
    if (vendor) details.vendor = vendor
    const build = fields.get('JAVA_RUNTIME_VERSION')
    if (build) details.build = build
    return { name: 'Java', version, evidence: path, details }
  }
  return { ...fromVariable(inside, 'Java', 'JAVA_VERSION'), details: { home } }
}

async function ofPython(inside: Inside, { name, home, executable }: Program): Promise<Found> {
  const [, language = '', told] = /^([a-z]+)([\d.]*)$/.exec(name) ?? []
  const title = language === 'pypy' ? 'PyPy' : 'Python'
  const minor = told?.includes('.')
    ? told
    : (await namesIn(inside, `${home}/lib`)).map(lib => /^python(3\.\d+)$/.exec(lib)?.[1]).find(Boolean)
  const header = minor && (await textAt(inside, `${home}/include/python${minor}/patchlevel.h`))
  const exact = header && /#define PY_VERSION\s+"([^"]+)"/.exec(header)?.[1]
  if (exact)
    return { name: title, version: exact, evidence: `${home}/include/python${minor}/patchlevel.h`, details: {} }
  const byImage = fromVariable(inside, title, 'PYTHON_VERSION')
  if (byImage.version && (!minor || byImage.version.startsWith(`${minor}.`))) return byImage
  return { name: title, version: minor ?? null, evidence: minor ? executable.path : null, details: {} }
}

async function ofNode(inside: Inside, { home }: Program): Promise<Found> {
  const path = `${home}/include/node/node_version.h`
  const header = await textAt(inside, path)
  const part = (name: string) => header && new RegExp(`#define NODE_${name}_VERSION (\\d+)`).exec(header)?.[1]
  const version = ['MAJOR', 'MINOR', 'PATCH'].map(part)
  if (version.every(Boolean)) return { name: 'Node.js', version: version.join('.'), evidence: path, details: {} }
  return fromVariable(inside, 'Node.js', 'NODE_VERSION')
}

async function ofRuby(inside: Inside, { home }: Program): Promise<Found> {
  const byImage = fromVariable(inside, 'Ruby', 'RUBY_VERSION')
  if (byImage.version) return byImage
  const api = (await namesIn(inside, `${home}/lib/ruby`)).find(name => /^\d+\.\d+\.\d+$/.test(name))
  return { name: 'Ruby', version: api ?? null, evidence: api ? `${home}/lib/ruby/${api}` : null, details: {} }
}

async function ofPhp(inside: Inside, { name, home, executable }: Program): Promise<Found> {
  const path = `${home}/include/php/main/php_version.h`
  const exact = /#define PHP_VERSION "([^"]+)"/.exec((await textAt(inside, path)) ?? '')?.[1]
  if (exact) return { name: 'PHP', version: exact, evidence: path, details: {} }
  const minor = /(\d+\.\d+)$/.exec(name)?.[1]
  const byImage = fromVariable(inside, 'PHP', 'PHP_VERSION')
  if (byImage.version || !minor) return byImage
  return { name: 'PHP', version: minor, evidence: executable.path, details: {} }
}

async function ofDotnet(inside: Inside, { executable }: Program): Promise<Found> {
  const directory = executable.path.slice(0, executable.path.lastIndexOf('/'))
  for (const framework of ['Microsoft.AspNetCore.App', 'Microsoft.NETCore.App']) {
    const path = `${directory}/shared/${framework}`
    const version = (await namesIn(inside, path)).at(-1)
    if (version) return { name: '.NET', version, evidence: `${path}/${version}`, details: { framework } }
  }
  return fromVariable(inside, '.NET', 'DOTNET_VERSION')
}

async function ofErlang(inside: Inside, { executable }: Program): Promise<Found> {
  const emulator = /\/erts-([\d.]+)\//.exec(executable.path)?.[1]
  const release = executable.path.replace(/\/erts-.*$/, '')
  const version = (await namesIn(inside, `${release}/releases`)).find(name => /^\d+(\.\d+)*$/.test(name))
  return {
    name: 'Erlang/OTP',
    version: version ?? emulator ?? null,
    evidence: executable.path,
    details: emulator ? { erts: emulator } : {},
  }
}
