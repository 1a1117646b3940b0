import { call } from './client.ts'

/** A container that has processes where the server can see them. */
export interface ContainerInfo {
  /** 64 hexadecimal digits. */
  id: string | null
  name: string | null
  runtime: string | null
  kind: 'self' | 'container' | 'pause' | 'host' | 'namespace' | 'unknown'
  processes: number
}

export interface Containers {
  containers: ContainerInfo[]
  /** Why others don't show, and what would show them. */
  notes: { what: string; why: string; remedy: string }[]
}

/** Throws ApiError. */
export async function listContainers(): Promise<Containers> {
  const { summary } = (await call('tools/ps', { method: 'GET' })) as { summary: Containers }
  return summary
}
