/** What a program may put on the clipboard at once, in bytes of UTF-8: a long file, and no more than a page can hold twice. */
export const clipboardLimitBytes = 1024 * 1024

/**
 * The text of `OSC 52 ; c ; base64 ST` (xterm's ctlseqs, "Manipulate Selection Data"), whichever selection it names. Undefined for
 * what is refused: a question for the clipboard's content, an empty text, one too long, and what is no text.
 */
export function clipboardText(data: string): string | undefined {
  const base64 = data.slice(data.indexOf(';') + 1)
  if (base64 === '?' || base64.length > (clipboardLimitBytes / 3) * 4 + 4) return undefined
  try {
    const bytes = Uint8Array.from(atob(base64), byte => byte.charCodeAt(0))
    if (bytes.length > clipboardLimitBytes) return undefined
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes) || undefined
  } catch {
    return undefined
  }
}
