import { join } from 'node:path'
import manifest from '../../package.json' with { type: 'json' }
import { systemClock } from '../core/context.ts'
import { ToolError } from '../core/errors.ts'
import { checkToken, makeInstance, makeToken, readTokenFile } from '../http/instance.ts'
import { writeRecord } from '../http/runtime-record.ts'
import { startServer } from '../http/server.ts'
import { linuxAt } from '../linux/linux.ts'
import { nameSelf } from '../linux/procfs/self-comm.ts'
import { preferAsVictim } from '../linux/procfs/self-oom-score-adj.ts'
import { registry } from '../tools/registry.ts'
import { addressWithToken } from './address.ts'
import { assetDirectory } from './assets.ts'
import { runtimePlace } from './place.ts'
import type { ServeOptions } from './serve-options.ts'
import { homeEnvironment, homeShell } from './shell.ts'

/** The server with everything wired: tools, terminals, page, and the record that `ditty url` reads. */
export interface House extends AsyncDisposable {
  url: string
  urlWithToken: string
  port: number
}

export async function openHouse({ host, port, allowedHosts, tokenFile, accessLog }: ServeOptions): Promise<House> {
  preferAsVictim(900)
  nameSelf('ditty')
  const token = chosenToken(tokenFile)
  const instance = makeInstance()
  const environment = homeEnvironment()
  const linux = linuxAt('/')
  const server = await startServer({
    registry,
    context: { clock: systemClock, linux },
    version: manifest.version,
    token,
    instance,
    environment,
    host,
    port,
    allowedHosts,
    pageDirectory: join(assetDirectory, 'web'),
    ...(accessLog ? { accessLog: 2 } : {}),
    groups: [
      async () => (await import('../http/terminals.ts')).terminals({ shell: homeShell, environment, linux }),
      async () => (await import('../http/files/routes.ts')).files({ linux, clock: systemClock }),
    ],
  })
  const record = leaveRecord({ instance, url: server.url, port: server.port, token })
  return {
    url: server.url,
    urlWithToken: addressWithToken(server.url, token),
    port: server.port,
    async [Symbol.asyncDispose]() {
      record?.remove()
      await server.close()
    },
  }
}

function chosenToken(tokenFile: string | undefined): string {
  if (tokenFile !== undefined) return readTokenFile(tokenFile)
  const given = process.env.DITTY_TOKEN
  return given === undefined ? makeToken() : checkToken(given, 'DITTY_TOKEN')
}

/** A server is worth having even where nothing may be written. */
function leaveRecord(record: Parameters<typeof writeRecord>[1]): { remove(): void } | undefined {
  try {
    return writeRecord(runtimePlace(), record)
  } catch (error) {
    const { message, remedy } = ToolError.from(error)
    process.stderr.write(`ditty: ${message}; ${remedy}\n`)
    return undefined
  }
}
