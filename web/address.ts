/** What the page keeps in its address behind the `#`, which no server sees: `#token=…` at first, then `#terminal=ID`. */
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
  if (token !== undefined) replaceHash(terminalInAddress())
  return token
}

/** The token in what a person pasted: an address that carries it, or the token itself. */
export function tokenIn(text: string): string {
  const hash = text.indexOf('#')
  return (hash < 0 ? undefined : fields(text.slice(hash)).get('token')) ?? text
}

/** The session shown here, so that a reload comes back to it. */
export const terminalInAddress = (): string | undefined => fields(location.hash).get('terminal')

export const keepTerminal = (id: string): void => replaceHash(id)

function replaceHash(terminal: string | undefined): void {
  const hash = terminal === undefined ? '' : `#terminal=${encodeURIComponent(terminal)}`
  history.replaceState(history.state, '', location.pathname + location.search + hash)
}
