import { join } from 'node:path'

const here = import.meta.dirname

/** Where the build put the page and the shell's rc file: beside the bundle, which from the sources is dist/. */
export const assetDirectory = here.endsWith('/server/main') ? join(here, '../../dist') : here
