interface Made {
  bits: 32 | 64
  isLittle: boolean
  machine: number
  interpreter?: string
  /** Hexadecimal, of four bytes times n. */
  buildId?: string
  sections: Record<string, Buffer>
}

/** An ELF file with nothing in it but what is asked for: header, segments, their content, sections, their names and table. */
export function makeElf({ bits, isLittle, machine, interpreter, buildId, sections }: Made): Buffer {
  const is64 = bits === 64
  const u16 = (value: number) => number(2, value)
  const u32 = (value: number) => number(4, value)
  const word = (value: number) => (is64 ? (isLittle ? [u32(value), u32(0)] : [u32(0), u32(value)]) : [u32(value)])
  function number(width: 2 | 4, value: number): Buffer {
    const bytes = Buffer.alloc(width)
    if (isLittle) bytes.writeUIntLE(value, 0, width)
    else bytes.writeUIntBE(value, 0, width)
    return bytes
  }

  const contents: { type: number; bytes: Buffer }[] = []
  if (interpreter) contents.push({ type: 3, bytes: Buffer.from(`${interpreter}\0\0\0\0`) })
  if (buildId) {
    const id = Buffer.from(buildId, 'hex')
    contents.push({ type: 4, bytes: Buffer.concat([u32(4), u32(id.length), u32(3), Buffer.from('GNU\0'), id]) })
  }
  const headerBytes = is64 ? 64 : 52
  const segmentBytes = is64 ? 56 : 32
  let at = headerBytes + contents.length * segmentBytes
  const place = (bytes: Buffer) => {
    const offset = at
    at += bytes.length
    return offset
  }
  const segments = contents.map(({ type, bytes }) => {
    const [offset, size] = [place(bytes), bytes.length]
    return is64
      ? [u32(type), u32(4), ...word(offset), ...word(0), ...word(0), ...word(size), ...word(size), ...word(4)]
      : [u32(type), u32(offset), u32(0), u32(0), u32(size), u32(size), u32(4), u32(4)]
  })

  const names = Buffer.from(`\0${[...Object.keys(sections), '.shstrtab'].join('\0')}\0`)
  const all = [...Object.entries(sections), ['.shstrtab', names] as const]
  const sectionHeader = (name: number, type: number, offset: number, size: number) =>
    is64
      ? [
          u32(name),
          u32(type),
          ...word(0),
          ...word(0),
          ...word(offset),
          ...word(size),
          u32(0),
          u32(0),
          ...word(1),
          ...word(0),
        ]
      : [name, type, 0, 0, offset, size, 0, 0, 1, 0].map(u32)
  const headers = all.map(([name, bytes]) =>
    sectionHeader(names.indexOf(`\0${name}\0`) + 1, 1, place(bytes), bytes.length),
  )

  const header = Buffer.concat([
    Buffer.from([0x7f, 0x45, 0x4c, 0x46, is64 ? 2 : 1, isLittle ? 1 : 2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
    ...[u16(2), u16(machine), u32(1), ...word(0), ...word(headerBytes), ...word(at), u32(0), u16(headerBytes)],
    ...[u16(segmentBytes), u16(contents.length), u16(is64 ? 64 : 40), u16(all.length + 1), u16(all.length)],
  ])
  const table = [sectionHeader(0, 0, 0, 0), ...headers].flat()
  return Buffer.concat([
    header,
    ...segments.flat(),
    ...contents.map(({ bytes }) => bytes),
    ...all.map(([, bytes]) => bytes),
    ...table,
  ])
}
