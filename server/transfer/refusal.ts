/** What an upload is told beside the troubles that everyone knows: there is a way on, which the one who uploads chooses. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly kind: 'already_exists' | 'offset_mismatch'
  /** Where the upload stands, when it asked for another place. */
  readonly offset: number | undefined

  constructor(kind: Refusal['kind'], message: string, offset?: number) {
    super(message)
    this.kind = kind
    this.offset = offset
  }
}
