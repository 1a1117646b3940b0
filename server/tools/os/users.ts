import { type Inside, textAt } from './inside.ts'
import type { UsersEvent } from './schema.ts'

const maxPasswdBytes = 1 << 20
const noLogin = /\/(nologin|false|true|sync|halt|shutdown)$/

/** passwd(5); null where the target has no such file. */
export async function readUsers(inside: Inside, uid: number): Promise<UsersEvent & { names: Map<number, string> }> {
  const text = await textAt(inside, '/etc/passwd', maxPasswdBytes)
  const users = (text ?? '').split('\n').flatMap(line => {
    const [name, , id, , , home = '', shell = ''] = line.split(':')
    return name && id !== undefined && /^\d+$/.test(id) ? [{ name, uid: Number(id), home, shell }] : []
  })
  const own = users.find(user => user.uid === uid)
  return {
    type: 'users',
    isThere: text !== undefined,
    count: users.length,
    withShell: users.filter(({ shell }) => shell !== '' && !noLogin.test(shell)).map(({ name }) => name),
    uid,
    user: own?.name ?? null,
    home: own?.home ?? null,
    names: new Map(users.map(({ uid, name }) => [uid, name] as const).reverse()),
  }
}
