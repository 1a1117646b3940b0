import { defineConfig } from 'vitest/config'

/** Units mirror server/; the other rooms are listed in the README. Each suite of a room that owns a port, a namespace or a
 *  browser runs alone, so timings and counts stay those of one machine. */
const room = (name: string, include: string[], alone = true, testTimeout = 60_000) => ({
  test: {
    name,
    include,
    root: import.meta.dirname,
    fileParallelism: !alone,
    testTimeout,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 20_000 } },
  },
})

const units = ['core', 'protocol', 'linux', 'net', 'tools', 'terminal', 'transfer', 'cli', 'http', 'main', 'web']

export default defineConfig({
  test: {
    projects: [
      room(
        'unit',
        units.map(name => `${name}/**/*.test.ts`),
        false,
      ),
      room('architecture', ['architecture/**/*.test.ts']),
      room('faces', ['faces/**/*.test.ts']),
      room('kernel', ['kernel/**/*.test.ts']),
      room('pod', ['pod/**/*.test.ts']),
      // Two processors draw what a graphics card would.
      room('browser', ['browser/**/*.test.ts'], true, 180_000),
    ],
  },
})
