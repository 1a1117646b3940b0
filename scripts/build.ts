/**
 * Bundles what ships into dist/: chunks of the server with their V8 code caches, the native addons, the page, and a bin/ with
 * a link for every word. `npm run build`
 */
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { build, type Plugin, transform } from 'esbuild'
import { completionFile } from '../server/main/completion.ts'
import { registry } from '../server/tools/registry.ts'
import { buildWeb } from './build-web.ts'
import { writeCodeCaches } from './code-cache.ts'
import { nativeAddons } from './native-addons.ts'

const root = dirname(import.meta.dirname)
const dist = join(root, 'dist')

const common = {
  platform: 'node',
  target: 'node24',
  minifySyntax: true,
  minifyWhitespace: true,
  define: {
    'import.meta.main': 'false',
    'import.meta.dirname': '__dirname',
    'process.platform': '"linux"',
    'process.env.NODE_ENV': '"production"',
  },
  logLevel: 'warning',
} as const

/** esbuild splits only ES modules, V8 caches only scripts: so split first, then turn each chunk into one function. */
async function buildServer(): Promise<void> {
  const { outputFiles } = await build({
    ...common,
    entryPoints: [join(root, 'server/main.ts')],
    bundle: true,
    splitting: true,
    format: 'esm',
    outdir: dist,
    write: false,
    plugins: [nativeAddons(dist), withoutLegacyEncodings],
  })
  for (const { path, text } of outputFiles) writeFileSync(path, await asChunk(text))
  await buildProgram('server/load.ts', 'main.cjs')
  await buildProgram('server/linux/scout/program.ts', 'scout.cjs')
}

/** What Node is started with. */
async function buildProgram(source: string, name: string): Promise<void> {
  const entryPoints = [join(root, source)]
  await build({ ...common, entryPoints, bundle: true, format: 'cjs', outfile: join(dist, name) })
}

/** JSON is UTF-8 (RFC 8259 §8.1): body-parser needs none of iconv-lite's tables, half of what the server would load. */
const withoutLegacyEncodings: Plugin = {
  name: 'without-legacy-encodings',
  setup({ onLoad }) {
    onLoad({ filter: /\/iconv-lite\/encodings\/(dbcs|sbcs)-data[\w-]*\.js$/ }, () => ({
      contents: 'module.exports = {}',
    }))
  },
}

async function asChunk(module: string): Promise<string> {
  const { code } = await transform(module, { ...common, format: 'cjs', supported: { 'dynamic-import': false } })
  return `(function(exports,require,module,__dirname){${code}})`
}

/**
 * MiB of young objects that V8 may hold. By default it grows to 32 under a flood of small objects, three times over: one ping
 * that printed millions of replies had 198 MiB, and 92 with this, at the same speed.
 */
const nodeFlag = '--max-semi-space-size=4'

/** The words as links to one small script; the image has a static launcher in its place. */
function linkWords(): void {
  const bin = join(dist, 'bin')
  mkdirSync(bin)
  const shared = registry.flatMap(({ shared = [] }) => shared).join(' ')
  const settings = `node='${process.execPath}' flag=${nodeFlag} main='${join(dist, 'main.cjs')}' shared=' ${shared} '\n`
  const launcher = `#!/bin/sh\n${settings}${readFileSync(join(import.meta.dirname, 'launcher.sh'), 'utf8')}`
  writeFileSync(join(bin, 'ditty'), launcher, { mode: 0o755 })
  writeFileSync(join(dist, 'node-flags'), nodeFlag)
  writeFileSync(join(dist, 'shared-words'), shared)
  for (const word of registry.flatMap(({ applets }) => applets)) symlinkSync('ditty', join(bin, word))
}

/** What the shells start with, and their completion, which is made from the tools. */
async function writeShellFiles(): Promise<void> {
  const sources = join(root, 'server/terminal/rc')
  mkdirSync(join(dist, 'rc'))
  for (const file of ['bashrc', 'inputrc', 'shrc']) cpSync(join(sources, file), join(dist, 'rc', file))
  writeFileSync(join(dist, 'rc/completion.bash'), await completionFile(sources))
}

rmSync(dist, { recursive: true, force: true })
mkdirSync(dist)
await Promise.all([buildServer(), buildWeb(join(dist, 'web'))])
linkWords()
await writeShellFiles()
writeCodeCaches(dist)
