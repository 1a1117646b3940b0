import manifest from '../../package.json' with { type: 'json' }

export async function version(): Promise<number> {
  process.stdout.write(`ditty ${manifest.version}\n`)
  return 0
}
