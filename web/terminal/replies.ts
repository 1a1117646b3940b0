/**
 * What a terminal says by itself: answers to what a program asked (device attributes, cursor position, modes, colours,
 * settings) and focus reports. No key sends these, save a modified F3 that looks like a cursor report.
 */
const reply = /^\x1b(?:\[[?>=]?[\d;]*(?:[cnIORt]|\$y)|\[\?[\d;]*S|[\]P].*)$/s

/** Such answers belong to the moment they were asked for: given again when history is shown again, a shell takes them for keys. */
export const isReply = (data: string): boolean => reply.test(data)
