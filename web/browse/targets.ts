import { type ContainerInfo, listContainers } from '../api/containers.ts'
import { words } from '../words.ts'

/** Whose files may be looked at. */
export interface Choice {
  /** As the server takes it. */
  target: string
  label: string
}

const self: Choice = { target: 'self', label: words.browse.self }

/** The containers that show, ditty's own last; the one that ditty was put beside comes first where it can be told. Throws ApiError. */
export async function choices(): Promise<Choice[]> {
  const { containers } = await listContainers()
  return [...containers.flatMap(choiceOf), self]
}

function choiceOf({ id, name, kind }: ContainerInfo): Choice[] {
  const target = name ?? id
  if (target === null || (kind !== 'container' && kind !== 'namespace')) return []
  return [{ target, label: name ?? target.slice(0, 12) }]
}
