import { expect, test } from 'vitest'
import { isPressed, showKeys } from '../../web/workspace/keys.ts'

const none = { ctrlKey: false, altKey: false, shiftKey: false, metaKey: false }
const altShift = { ...none, altKey: true, shiftKey: true }

test('a letter counts by what it writes, whatever the layout', () => {
  expect(isPressed('Alt+Shift+Z', { ...altShift, key: 'Z', code: 'KeyY' })).toBe(true)
  expect(isPressed('Alt+Shift+Z', { ...altShift, key: 'Y', code: 'KeyZ' })).toBe(false)
})

test('a key that writes no letter counts by its place', () => {
  expect(isPressed('Alt+Shift+N', { ...altShift, key: '˜', code: 'KeyN' })).toBe(true)
  expect(isPressed('Alt+Shift+N', { ...altShift, key: 'Process', code: 'KeyN' })).toBe(true)
  expect(isPressed('Alt+Shift+Left', { ...altShift, key: 'ArrowLeft', code: 'ArrowLeft' })).toBe(true)
  expect(isPressed('Ctrl+Shift+>', { ...none, ctrlKey: true, shiftKey: true, key: '>', code: 'Period' })).toBe(true)
})

test('one modifier more or less is another combination', () => {
  const press = { key: 'N', code: 'KeyN' }
  expect(isPressed('Alt+Shift+N', { ...altShift, ...press, ctrlKey: true })).toBe(false)
  expect(isPressed('Alt+Shift+N', { ...altShift, ...press, metaKey: true })).toBe(false)
  expect(isPressed('Alt+Shift+N', { ...none, ...press, altKey: true })).toBe(false)
})

test('keys are written as on the keyboard at hand', () => {
  expect(showKeys('Alt+Shift+Left', false)).toBe('Alt+Shift+←')
  expect(showKeys('Alt+Shift+N', true)).toBe('⌥⇧N')
})
