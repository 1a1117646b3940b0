import { call } from './client.ts'

/**
 * Trades the token for the cookie that every later request carries and no script can read. Throws ApiError: 401 for a wrong
 * token, 429 after too many wrong ones.
 */
export async function signIn(token: string): Promise<void> {
  // A header holds printable ASCII alone, and so does every token.
  await call('session', { method: 'POST', token: token.replaceAll(/[^\x21-\x7e]/g, '?') })
}
