import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import type { Look } from './look.ts'
import type { Failed, ScoutMessage, Seen } from './message.ts'
import { ownNode } from './own-node.ts'

const here = import.meta.dirname
const program = here.endsWith('/server/linux/scout') ? join(here, 'program.ts') : join(here, 'scout.cjs')

/** It looks, little by little: V8 need not hold much for that. */
const flags = ['--max-semi-space-size=1', '--no-warnings']

/** How a scout came to its end, where it wasn't told to. */
export class ScoutLost extends Error {
  override readonly name = 'ScoutLost'
}

/** One process that looks for us. It holds neither our event loop nor our exit. */
export class Scout {
  readonly #child: ChildProcess
  #settle: ((message: ScoutMessage | ScoutLost) => void) | undefined
  #lost: ScoutLost | undefined
  /** Resolves once the kernel has let go of it: never, maybe, where it hangs. */
  readonly gone: Promise<void>

  constructor() {
    const [file = '', ...words] = [...ownNode(), ...flags, program]
    this.#child = spawn(file, words, {
      cwd: '/',
      env: environment(),
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      serialization: 'advanced',
    })
    this.#child.on('message', message => this.#take(message as ScoutMessage))
    this.gone = new Promise(resolve => {
      const leave = (why: string) => {
        forget(this)
        resolve()
        this.#take(new ScoutLost(why))
      }
      this.#child.once('error', error => leave(error.message))
      this.#child.once('exit', (status, signal) => leave(signal ?? `status ${status}`))
    })
    this.#child.unref()
    this.#child.channel?.unref()
    remember(this)
  }

  /** Resolves when it can look. Rejects with ScoutLost. */
  async ready(): Promise<true> {
    await this.#next()
    return true
  }

  /** One at a time. Rejects with ScoutLost where it ended instead. */
  async look(look: Look): Promise<Seen | Failed> {
    const answer = this.#next()
    // A channel that has closed meanwhile tells by the end of the process.
    this.#child.send(look, () => undefined)
    return answer as Promise<Seen | Failed>
  }

  /** Nobody waits for it any more, wherever it stands. */
  dismiss(): void {
    this.#child.kill('SIGKILL')
    if (this.#child.connected) this.#child.disconnect()
  }

  #next(): Promise<ScoutMessage> {
    return new Promise((resolve, reject) => {
      this.#settle = message => (message instanceof ScoutLost ? reject(message) : resolve(message))
      if (this.#lost) this.#settle(this.#lost)
    })
  }

  #take(message: ScoutMessage | ScoutLost): void {
    if (message instanceof ScoutLost) this.#lost = message
    this.#settle?.(message)
  }
}

/** Those that live. One that looks when we end would learn of it only after its look. */
const living = new Set<Scout>()
const dismissAll = () => {
  for (const scout of living) scout.dismiss()
}

function remember(scout: Scout): void {
  if (living.size === 0) process.on('exit', dismissAll)
  living.add(scout)
}

function forget(scout: Scout): void {
  if (living.delete(scout) && living.size === 0) process.off('exit', dismissAll)
}

/** Orders to Node are not for it. */
const environment = () => Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('NODE_')))
