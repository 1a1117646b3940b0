import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join, posix, relative } from 'node:path'
import { build, type Metafile } from 'esbuild'

const web = join(dirname(import.meta.dirname), 'web')

/** Browsers of the last two years or so; below these, CSS `color-mix` and `dvh` fail first. */
const target = ['chrome120', 'firefox121', 'safari17']

/**
 * Bundles the page into `outdir`: index.html, and assets/ whose names carry the hash of their content, so that they can be
 * cached for ever. Every address is relative: the page works behind any path prefix.
 */
export async function buildWeb(outdir: string): Promise<void> {
  const html = await readFile(join(web, 'index.html'), 'utf8')
  const sources = localAddresses(html)
  const { metafile } = await build({
    absWorkingDir: web,
    entryPoints: sources,
    outdir,
    entryNames: 'assets/[name]-[hash]',
    chunkNames: 'assets/[name]-[hash]',
    assetNames: 'assets/[name]-[hash]',
    loader: { '.svg': 'copy' },
    bundle: true,
    splitting: true,
    format: 'esm',
    minify: true,
    legalComments: 'none',
    target,
    metafile: true,
    logLevel: 'warning',
  })
  const names = builtNames(metafile, outdir)
  const page = sources.reduce((text, source) => text.replaceAll(`"${source}"`, `"${names.get(source)}"`), html)
  await mkdir(outdir, { recursive: true })
  await writeFile(join(outdir, 'index.html'), page)
}

/** What index.html names beside it: `main.ts`, `style/main.css`, … */
const localAddresses = (html: string) =>
  [...html.matchAll(/ (?:src|href)="([^":]+)"/g)].map(([, path]) => path as string)

function builtNames({ outputs }: Metafile, outdir: string): Map<string, string> {
  const names = new Map<string, string>()
  for (const [output, { entryPoint, inputs }] of Object.entries(outputs)) {
    const source = entryPoint ?? Object.keys(inputs)[0]
    if (source) names.set(source, posix.normalize(relative(outdir, join(web, output))))
  }
  return names
}
