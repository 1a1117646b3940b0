import type { RunContext } from '../core/context.ts'
import type { Registry } from '../core/tool.ts'
import type { RouteGroup } from './route-group.ts'

/** What `startServer` is told. */
export interface ServerOptions<Context extends RunContext = RunContext> {
  registry: Registry<Context>
  /** What every run is given beside its signals. */
  context: Omit<Context, 'signal' | 'stop'>
  /** ditty's version, for openapi.json. */
  version: string
  token: string
  /** Names the cookie; see instance.ts. */
  instance: string
  /** What commands of `exec` find as their environment, their PATH among it; they start in its HOME. */
  environment: Record<string, string>
  /** Address to listen on; default 127.0.0.1. */
  host?: string
  /** First port to try, 0 for any; default 7681. */
  port?: number
  /** Names beside the loopback ones that a `Host` header may carry. */
  allowedHosts?: readonly string[]
  /** Where the built page lies. Without one `/` is not found. */
  pageDirectory?: string
  /** Where JSON lines about each request go: a descriptor, 2 for stderr. Default: nowhere. */
  accessLog?: number
  /** More routes, loaded after listening; requests wait for them. */
  groups?: readonly (() => Promise<RouteGroup>)[]
  limits?: Partial<Limits>
}

/** The same with nothing left open. */
export type Settings = Omit<ServerOptions, 'limits'> & { limits: Limits }

/** What one server takes at most. */
export interface Limits {
  /** Runs of tools and commands at once: a stream holds little, a JSON report up to some 100 MB (core/run.ts), and people need a handful. */
  runs: number
  /** One run, in ms. Hanging up cancels a run at once; this ends what a forgotten client keeps open. */
  runMs: number
  /** A JSON body, in bytes: the largest command line (`getconf ARG_MAX` is 2 MiB) is rarely a tenth of it. */
  bodyBytes: number
  /** Until all headers of a request are there, in ms; whoever sends one byte a second is cut off. */
  headersMs: number
  /** Until a whole request is there, in ms: 1 MiB at 20 kB/s, and some patience. */
  requestMs: number
  /** Without one byte of an answer taken by a client that has more to read, in ms: a slow link takes some within seconds. */
  stalledMs: number
  /** The same for the answer of a run, in ms: a person may pause its stream in `less`. The run is cancelled then. */
  stalledStreamMs: number
  /** Sockets at once, open terminals included; each costs about 20 kB. */
  connections: number
}

export const defaultLimits: Limits = {
  runs: 32,
  runMs: 3_600_000,
  bodyBytes: 1 << 20,
  headersMs: 10_000,
  requestMs: 60_000,
  stalledMs: 30_000,
  stalledStreamMs: 600_000,
  connections: 512,
}
