/** Something to be uploaded: a file, or an empty or full folder. `path` is relative, with `/` between names. */
export interface Item {
  path: string
  /** undefined: a folder. */
  file: File | undefined
}

/** What was dropped or chosen in one go, by what stands on top. */
export interface Bundle {
  name: string
  isFolder: boolean
  items(): AsyncIterable<Item>
}

/** Files that a field of the page took; of a folder each has its path in it. */
export function chosenBundles(files: Iterable<File>): Bundle[] {
  const groups = Map.groupBy(files, file => topOf(file.webkitRelativePath || file.name))
  return [...groups].map(([name, group]) => ({
    name,
    isFolder: group.some(({ webkitRelativePath }) => webkitRelativePath !== ''),
    async *items() {
      for (const file of group) yield { path: file.webkitRelativePath || file.name, file }
    },
  }))
}

const topOf = (path: string) => path.split('/', 1)[0]!

/** Must be called while the event is handled: the browser takes its data away behind it. */
export function droppedBundles({ items, files }: DataTransfer): Bundle[] {
  const entries = [...items].flatMap(item => (item.kind === 'file' ? (item.webkitGetAsEntry?.() ?? []) : []))
  if (entries.length === 0) return chosenBundles(files)
  return entries.map(entry => ({ name: entry.name, isFolder: entry.isDirectory, items: () => walk(entry, '') }))
}

/** Looked through as the upload goes on, so that a million files are never listed at once. */
async function* walk(entry: FileSystemEntry, above: string): AsyncGenerator<Item, void> {
  const path = above + entry.name
  if (entry.isFile) {
    yield { path, file: await fileOf(entry as FileSystemFileEntry) }
    return
  }
  yield { path, file: undefined }
  const reader = (entry as FileSystemDirectoryEntry).createReader()
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject))
    if (some.length === 0) return
    for (const inner of some) yield* walk(inner, `${path}/`)
  }
}

const fileOf = (entry: FileSystemFileEntry) => new Promise<File>((resolve, reject) => entry.file(resolve, reject))
