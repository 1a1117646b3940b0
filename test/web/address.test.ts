import { describe, expect, test } from 'vitest'
import { addressName, findSession, linkAddress, tokenIn } from '../../web/address.ts'

const session = (id: string, name: string | null = null, running = true) => ({ id, name, running })

describe('the name of a session in the address', () => {
  test('is its own when no other that runs has it', () => {
    const one = session('1', 'deck')
    expect(addressName(one, [one, session('2', 'deck', false), session('3')])).toBe('deck')
  })

  test('is its id when it has none, or shares it', () => {
    expect(addressName(session('1'), [])).toBe('1')
    expect(addressName(session('1', 'deck'), [session('1', 'deck'), session('2', 'deck')])).toBe('1')
  })
})

describe('a session is found', () => {
  const all = [session('1', 'deck', false), session('2', 'deck'), session('deck', 'hold')]

  test('by its id before any name', () => expect(findSession(all, 'deck')).toBe(all[2]))
  test('by its name when one of that name runs', () => expect(findSession(all.slice(0, 2), 'deck')).toBe(all[1]))
  test('as the latest of that name when none runs', () => {
    const ended = [session('1', 'deck', false), session('2', 'deck', false)]
    expect(findSession(ended, 'deck')).toBe(ended[1])
  })
  test('by nothing else', () => expect(findSession(all, 'nobody')).toBeUndefined())
})

test('the address of a link keeps the page and drops what was behind the #', () => {
  const address = linkAddress('http://127.0.0.1:7681/pod/#terminal=mine', 'id', 'to/ken')
  expect(address).toBe('http://127.0.0.1:7681/pod/#link=to%2Fken&terminal=id')
})

test('a token is found in a pasted address', () => {
  expect(tokenIn('http://127.0.0.1:7681/#token=a%2Fb')).toBe('a/b')
  expect(tokenIn('just-a-token')).toBe('just-a-token')
})
