import { errnoOf, type Linux } from './linux.ts'

/** `root:x:0:0:root:/root:/bin/bash`: the first name of each uid. Broken lines are passed over. passwd(5). */
export function parsePasswd(text: string): Map<number, string> {
  const names = new Map<number, string>()
  for (const line of text.split('\n')) {
    const [name, , uid] = line.split(':')
    if (name && uid !== undefined && /^\d+$/.test(uid) && !names.has(Number(uid))) names.set(Number(uid), name)
  }
  return names
}

/** Empty where there is no such file, as in a scratch image. */
export const readPasswd = (linux: Linux): Map<number, string> => readNames(linux, '/etc/passwd')

/** `adm:x:4:syslog`: the name and the number stand where those of a user do. group(5). */
export const readGroup = (linux: Linux): Map<number, string> => readNames(linux, '/etc/group')

function readNames(linux: Linux, path: string): Map<number, string> {
  try {
    return parsePasswd(linux.read(path).toString('utf8'))
  } catch (error) {
    if (errnoOf(error) === undefined) throw error
    return new Map()
  }
}
