import { readdirSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '../..')

/** What each room may import, and why it may nothing else. Packages are named where a room is held to few of them. */
const rooms: Record<string, { may: string[]; packages?: string[]; node?: boolean; because: string }> = {
  'server/core': { may: [], packages: ['zod'], because: 'the tool contract knows no tool, no face and no kernel' },
  'server/protocol': { may: [], packages: [], node: false, because: 'the browser runs it too' },
  'server/linux': {
    may: ['server/core'],
    packages: ['koffi'],
    because: "the kernel's view depends on no tool that looks through it",
  },
  'server/net': {
    may: ['server/core', 'server/linux'],
    packages: ['dns-packet'],
    because: 'a protocol client depends on no tool that uses it',
  },
  'server/tools': {
    may: ['server/core', 'server/linux', 'server/net'],
    packages: ['zod'],
    because: 'a tool that knew a face would be written once per face',
  },
  'server/terminal': {
    may: ['server/core', 'server/protocol', 'server/linux'],
    packages: ['node-pty', 'ws', 'zod', '@xterm/headless', '@xterm/addon-unicode-graphemes'],
    because: 'a session lives without anyone who looks at it; tools and terminals meet only in a face',
  },
  'server/transfer': {
    may: ['server/core', 'server/protocol', 'server/linux'],
    packages: ['yazl'],
    because:
      'files go in and out beside a terminal: it is told where a shell stands by a pid, and meets sessions only in a face',
  },
  'server/cli': {
    may: ['server/core', 'server/linux'],
    packages: ['zod'],
    because: 'faces show the registry they are given: no tool by name, no other face',
  },
  'server/http': {
    may: ['server/core', 'server/protocol', 'server/linux', 'server/terminal', 'server/transfer'],
    because: 'faces show the registry they are given: no tool by name, no other face',
  },
  'server/main': {
    may: [
      'server/core',
      'server/protocol',
      'server/linux',
      'server/tools',
      'server/terminal',
      'server/cli',
      'server/http',
    ],
    because: 'the composition root is the one place that wires rooms together',
  },
  web: {
    may: ['server/protocol', 'server/core'],
    node: false,
    because: 'the page shares wire shapes with the server, and types alone of the contract',
  },
}

interface Import {
  file: string
  target: string
  typeOnly: boolean
}

const files = (folder: string) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter(name => /\.tsx?$/.test(name))
    .map(name => join(folder, name))

const statement = /^(?:import|export)\s+(type\s+)?(?:[^'"]*?\sfrom\s+)?'([^']+)'|\bimport\('([^']+)'\)/gm

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8')
  return [...text.matchAll(statement)].map(([, type, from, dynamic]) => {
    const target = (from ?? dynamic)!
    const path = target.startsWith('.') ? relative(root, resolve(root, dirname(file), target)) : target
    return { file, target: path, typeOnly: type !== undefined }
  })
}

const roomOf = (path: string) => Object.keys(rooms).find(room => path.startsWith(`${room}/`))
const isBuiltin = (target: string) => target.startsWith('node:') || builtinModules.includes(target)
const isPackage = (target: string) => !roomOf(target) && !target.includes('/../') && !/^(server|web)\b/.test(target)
const packageOf = (target: string) => target.split('/', target.startsWith('@') ? 2 : 1).join('/')

describe.each(Object.entries(rooms))('%s', (room, { may, packages, node, because }) => {
  const imports = files(room).flatMap(importsOf)
  const name = ({ file, target }: Import) => `${file} -> ${target}`

  test(`imports no room beside ${may.join(', ') || 'itself'}: ${because}`, () => {
    const others = imports.filter(({ target }) => roomOf(target) && roomOf(target) !== room)
    expect(others.filter(({ target }) => !may.includes(roomOf(target)!)).map(name)).toEqual([])
  })

  test('imports only the packages it is held to', () => {
    const outside = imports.filter(({ target }) => isPackage(target) && !target.endsWith('.json') && !isBuiltin(target))
    expect(outside.filter(({ target }) => packages && !packages.includes(packageOf(target))).map(name)).toEqual([])
    if (node === false) expect(imports.filter(({ target }) => isBuiltin(target)).map(name)).toEqual([])
  })
})

test('the page takes types alone of the contract', () => {
  const values = files('web')
    .flatMap(importsOf)
    .filter(({ target, typeOnly }) => target.startsWith('server/core/') && !typeOnly)
  expect(values).toEqual([])
})

test('no face names a tool', () => {
  const named = [...files('server/cli'), ...files('server/http'), ...files('web')]
    .flatMap(importsOf)
    .filter(({ target }) => target.startsWith('server/tools/'))
  expect(named).toEqual([])
})

test('no module is called utils, helpers or common', () => {
  const all = ['server', 'web', 'scripts', 'test'].flatMap(files)
  expect(all.filter(file => /\/(utils?|helpers?|common|misc)[./]/.test(file))).toEqual([])
})

test('at the top level stands only what the design names', () => {
  const visible = readdirSync(root).filter(name => !name.startsWith('.'))
  const ours = visible.filter(name => !['node_modules', 'dist', 'artifacts'].includes(name))
  const allowed = [
    'CHANGELOG.md',
    'Dockerfile',
    'LICENSE',
    'README.md',
    'package-lock.json',
    'package.json',
    'scripts',
    'server',
    'test',
    'tsconfig.json',
    'web',
  ]
  expect(ours.filter(name => !allowed.includes(name))).toEqual([])
})
