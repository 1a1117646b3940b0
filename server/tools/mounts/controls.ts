/** Control characters, and bytes that were no UTF-8, as `?`: df(1) and mount(8) do so, newlines included. */
export const withoutControls = (text: string) => text.replace(/[\x00-\x1f\x7f-\x9f\ufffd]/g, '?')
