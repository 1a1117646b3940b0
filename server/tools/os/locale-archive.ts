const magic = 0xde020109
/** What may stand in the table of a sound archive; glibc's own has some 900. */
const maxEntries = 65_536

/**
 * Names of the locales in `locale-archive`: a hash table of 12-byte entries (hash, name, record), all numbers of the machine's own
 * byte order. Empty for what is no archive; names behind a cut are left out. Source: locale/locarchive.h of glibc.
 */
export function localesInArchive(bytes: Buffer): string[] {
  if (bytes.length < 56 || bytes.readUInt32LE(0) !== magic) return []
  const [table, , size] = [8, 12, 16].map(at => bytes.readUInt32LE(at)) as [number, number, number]
  const names = new Set<string>()
  for (let entry = 0; entry < Math.min(size, maxEntries); entry++) {
    const at = table + entry * 12
    if (at + 12 > bytes.length) break
    const [name, record] = [bytes.readUInt32LE(at + 4), bytes.readUInt32LE(at + 8)]
    const end = bytes.indexOf(0, name)
    if (record !== 0 && name < bytes.length && end > name) names.add(bytes.toString('latin1', name, end))
  }
  return [...names]
}
