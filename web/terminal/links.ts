import { WebLinksAddon } from '@xterm/addon-web-links'
import type { ILinkHandler, Terminal } from '@xterm/xterm'

/** A terminal shows what anyone printed: no other scheme is ever opened. */
const isWeb = (uri: string) => /^https?:\/\//i.test(uri)

function open(_event: MouseEvent, uri: string): void {
  if (isWeb(uri)) window.open(uri, '_blank', 'noopener,noreferrer')
}

/**
 * Links in plain text and OSC 8. The text of the latter may lie about where it leads, so `show` gets the address while the
 * pointer is on one, and undefined when it leaves.
 */
export function followLinks(terminal: Terminal, show: (uri: string | undefined) => void): void {
  const hover = (_event: MouseEvent, uri: string) => show(uri)
  const leave = () => show(undefined)
  const handler: ILinkHandler = { activate: open, hover, leave }
  terminal.options.linkHandler = handler
  terminal.loadAddon(new WebLinksAddon(open, { hover, leave }))
}
