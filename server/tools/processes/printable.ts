/** Control characters and bytes that were no UTF-8 as `?`, a newline as a space: what procps writes to a terminal. */
export const printable = (text: string) => text.replaceAll('\n', ' ').replace(/[\x00-\x1f\x7f-\x9f\ufffd]/g, '?')
