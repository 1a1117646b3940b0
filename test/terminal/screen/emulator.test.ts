import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const emulator = join(import.meta.dirname, '../../../server/terminal/screen/emulator.ts')

test('the width table is read right wherever the shared pool of Buffers stands', () => {
  const script = `
    Buffer.from('moves the pool')
    const { loadEmulator } = await import(${JSON.stringify(emulator)})
    const screen = (await loadEmulator())({ cols: 20, rows: 2 })
    screen.write(Buffer.from('你好👩‍👩‍👧é'))
    console.log(screen.core.buffers.active.x)
    process.exit(0)`
  const printed = execFileSync(process.execPath, ['--input-type=module', '-e', script], { timeout: 20_000 }).toString()
  expect(printed).toBe('7\n')
})
