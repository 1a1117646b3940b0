/**
 * What the page keeps in its address behind the `#`, which no server sees: `#token=…` or `#link=…&terminal=ID` at first, then
 * `#terminal=NAME`, or its id where it has no name of its own.
 */
const fields = (hash: string) => new Map(hash.replace(/^#/, '').split('&').map(splitField))

function splitField(field: string): [string, string] {
  const [name = '', value = ''] = field.split('=', 2)
  try {
    return [name, decodeURIComponent(value)]
  } catch {
    return [name, value]
  }
}

/** Takes the token out of the address, so that neither the address bar nor the history keeps it. */
export function takeToken(): string | undefined {
  const token = fields(location.hash).get('token')
  if (token !== undefined) keepTerminal(terminalInAddress())
  return token
}

const linkKey = (id: string) => `ditty.link.${id}`

/**
 * The token of a link to one session, and that session's id. It moves from the address to the storage of this one browser tab,
 * so that a reload finds it.
 */
export function takeLink(): { token: string; id: string } | undefined {
  const given = fields(location.hash)
  const id = given.get('terminal')
  if (id === undefined) return undefined
  // Whoever has the server's own token needs no link.
  if (given.has('token')) sessionStorage.removeItem(linkKey(id))
  const token = given.get('link')
  if (token !== undefined) {
    sessionStorage.setItem(linkKey(id), token)
    keepTerminal(id)
  }
  const kept = token ?? sessionStorage.getItem(linkKey(id))
  return kept === null ? undefined : { token: kept, id }
}

/** The address that opens one session for whoever has it. */
export const linkAddress = (page: string, id: string, token: string): string =>
  `${page.replace(/#.*/, '')}#link=${encodeURIComponent(token)}&terminal=${encodeURIComponent(id)}`

/** The token in what a person pasted: an address that carries it, or the token itself. */
export function tokenIn(text: string): string {
  const hash = text.indexOf('#')
  return (hash < 0 ? undefined : fields(text.slice(hash)).get('token')) ?? text
}

/** Name or id of the session shown here, so that a reload comes back to it. */
export const terminalInAddress = (): string | undefined => fields(location.hash).get('terminal')

export function keepTerminal(nameOrId: string | undefined): void {
  const hash = nameOrId === undefined ? '' : `#terminal=${encodeURIComponent(nameOrId)}`
  history.replaceState(history.state, '', location.pathname + location.search + hash)
}

interface Named {
  id: string
  name?: string | null
  running: boolean
}

/** What the address calls a session: its name, when it is the only one of that name that runs. */
export function addressName(session: Named, all: readonly Named[]): string {
  const { id, name } = session
  const others = all.filter(each => each.name === name && each.running && each.id !== id)
  return name && others.length === 0 ? name : id
}

export function findSession<Session extends Named>(all: readonly Session[], nameOrId: string): Session | undefined {
  const named = all.filter(({ name }) => name === nameOrId)
  const running = named.filter(session => session.running)
  return all.find(({ id }) => id === nameOrId) ?? (running.length === 1 ? running[0] : named.at(-1))
}
