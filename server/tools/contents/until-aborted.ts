/** Blocks as they come, until one of the signals says that no more are wanted, though none may ever come: from a terminal, a pipe. */
export async function* untilAborted<Block>(
  blocks: AsyncIterable<Block>,
  signals: readonly AbortSignal[],
): AsyncGenerator<Block> {
  const aborted = Promise.withResolvers<undefined>()
  const end = AbortSignal.any([...signals])
  const onAbort = () => aborted.resolve(undefined)
  end.addEventListener('abort', onAbort, { once: true })
  const iterator = blocks[Symbol.asyncIterator]()
  try {
    while (!end.aborted) {
      const next = await Promise.race([iterator.next(), aborted.promise])
      if (!next || next.done) return
      yield next.value
    }
  } finally {
    end.removeEventListener('abort', onAbort)
  }
}
