import {
  appendUpload,
  beginUpload,
  cancelUpload,
  type Place,
  readUpload,
  type Slice,
  type Standing,
} from '../api/files.ts'

/** A file that is to come. */
export interface Wish {
  /** Relative to the destination, with `/` between names. */
  path: string
  file: File
  /** Whether it may take the place of one that is there. */
  overwrite: boolean
}

/** A file on its way; every call throws ApiError. */
export interface Sending {
  /** Where it stands: what a cut left there before counts. */
  begun: Standing
  append(slice: Slice, signal: AbortSignal): Promise<Standing>
  /** How far it is. */
  look(signal: AbortSignal): Promise<Standing>
  cancel(): Promise<void>
}

/** A folder that files are sent to. */
export interface Destination {
  /** Its path, for the eye. */
  directory: string
  /** Throws ApiError `already_exists` where something is there. */
  begin(wish: Wish, signal: AbortSignal): Promise<Sending>
  makeFolder(path: string): Promise<void>
}

/** Where the shell of a terminal stands. */
export function placeOfShell(terminal: string, { place, directory }: Place): Destination {
  return {
    directory,
    async begin({ path, file, overwrite }) {
      const wish = { path, place, sizeBytes: file.size, modifiedTime: Math.round(file.lastModified), overwrite }
      const { id, offset, complete } = await beginUpload(terminal, wish)
      return {
        begun: { offset, complete: complete || id === null },
        append: (slice, signal) => appendUpload(terminal, id!, slice, signal),
        look: signal => readUpload(terminal, id!, signal),
        cancel: () => cancelUpload(terminal, id!),
      }
    },
    makeFolder: async path => void (await beginUpload(terminal, { path, place, directory: true })),
  }
}
