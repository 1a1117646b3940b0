import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { Script } from 'node:vm'

type Chunk = (
  exports: object,
  require: (id: string) => unknown,
  module: { exports: unknown },
  __dirname: string,
) => void

/**
 * Loads the bundle's chunks with the V8 code cache made for each at build time: half of what start-up would cost. Node's own
 * compile cache can't be shipped, since its directory is named after the UID. V8 refuses a cache of another version or other
 * flags, and the chunk is compiled as usual. Chunks are ASCII (esbuild escapes the rest), so they are read as Latin-1 and not
 * decoded. `scripts` receives what was compiled, for the build to make the caches from.
 */
export function bundleLoader(directory: string, scripts?: Map<string, Script>): (id: string) => unknown {
  const builtin = createRequire(join(directory, 'main.cjs'))
  const loaded = new Map<string, { exports: unknown }>()
  return function load(id) {
    if (!id.startsWith('./') || id.endsWith('.node')) return builtin(id)
    const known = loaded.get(id)
    if (known) return known.exports
    const filename = join(directory, id)
    const script = new Script(readFileSync(filename, 'latin1'), { filename, ...cacheOf(filename) })
    scripts?.set(filename, script)
    const module = { exports: {} }
    loaded.set(id, module)
    const chunk = script.runInThisContext() as Chunk
    chunk(module.exports, load, module, directory)
    return module.exports
  }
}

function cacheOf(filename: string): { cachedData?: Buffer } {
  try {
    return { cachedData: readFileSync(`${filename}.cache`) }
  } catch {
    return {}
  }
}
