import { expect, test } from 'vitest'
import { parseNames } from '../../../server/net/tls/certificate.ts'

test('alternative names are read whatever is in them', () => {
  expect(parseNames('DNS:a.example, IP Address:192.0.2.1, URI:spiffe://cluster/ns/a')).toEqual([
    'a.example',
    '192.0.2.1',
    'URI:spiffe://cluster/ns/a',
  ])
  expect(parseNames('DNS:"a\\", DNS:b", DNS:c')).toEqual(['"a\\", DNS:b"', 'c'])
  expect(parseNames('')).toEqual([])
})
