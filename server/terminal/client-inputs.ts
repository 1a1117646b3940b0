/** Clients of one session whose input is still counted: the latest of them. */
const maxClients = 64

/** What one client has typed so far, over all its connections. */
export interface ClientInput {
  receivedBytes: number
}

/**
 * How much input arrived from each client that told a name of its own, so that it can send again just what a cut swallowed. A
 * client that was forgotten starts at 0, like a new one.
 */
export class ClientInputs {
  readonly #inputs = new Map<string, ClientInput>()

  of(client: string): ClientInput {
    const input = this.#inputs.get(client) ?? { receivedBytes: 0 }
    this.#inputs.delete(client)
    this.#inputs.set(client, input)
    const [oldest] = this.#inputs.keys()
    if (this.#inputs.size > maxClients) this.#inputs.delete(oldest!)
    return input
  }
}
