import { WebLinksAddon } from '@xterm/addon-web-links'
import type { ILinkHandler, Terminal } from '@xterm/xterm'

/** A terminal shows what anyone printed: no other scheme is ever opened. */
const isWeb = (uri: string) => /^https?:\/\//i.test(uri)
/** Leads to a file of the terminal's own machine, which a browser can't open. */
const isFile = (uri: string) => /^file:\/\//i.test(uri)

export interface LinkEvents {
  /** The address while the pointer is on a link, undefined when it leaves: the text of one of OSC 8 may lie about where it leads. */
  show(uri: string | undefined): void
  /** A link of OSC 8 to a file was pressed. */
  openFile(uri: string): void
}

/** Links in plain text and OSC 8. */
export function followLinks(terminal: Terminal, { show, openFile }: LinkEvents): void {
  const hover = (_event: MouseEvent, uri: string) => show(uri)
  const leave = () => show(undefined)
  const open = (_event: MouseEvent, uri: string) => {
    if (isWeb(uri)) window.open(uri, '_blank', 'noopener,noreferrer')
    else if (isFile(uri)) openFile(uri)
  }
  const handler: ILinkHandler = { activate: open, hover, leave, allowNonHttpProtocols: true }
  terminal.options.linkHandler = handler
  terminal.loadAddon(new WebLinksAddon(open, { hover, leave }))
}
