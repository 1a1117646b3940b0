import { copyFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Plugin } from 'esbuild'

const require = createRequire(import.meta.url)

/**
 * Bundles koffi and node-pty with the one binary each needs here, copied to `directory`. Their own loaders look through
 * node_modules, which what ships hasn't got, and read the ELF header of Node at every start.
 */
export function nativeAddons(directory: string): Plugin {
  const system = `${process.platform}-${process.arch}`
  const copy = (binary: string, name: string) => copyFileSync(require.resolve(binary), join(directory, name))
  return {
    name: 'native-addons',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /\.node$/ }, ({ path }) => ({ path, external: true }))
      onLoad({ filter: /\/node_modules\/koffi\/index\.js$/ }, () => {
        copy(`@koromix/koffi-${system}/linux_${process.arch}/koffi.node`, 'koffi.node')
        return { contents: "module.exports = require('./koffi.node')", loader: 'js' }
      })
      onLoad({ filter: /\/node_modules\/node-pty\/requireBinary\.js$/ }, () => {
        copy(`@lydell/node-pty-${system}/pty.node`, 'pty.node')
        return { contents: "import binary from './pty.node'\nexport const requireBinary = () => binary", loader: 'js' }
      })
    },
  }
}
