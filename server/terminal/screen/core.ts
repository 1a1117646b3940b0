/**
 * What of xterm.js 6.0 is used beside its public interface, and only here: cells as they lie in memory, and state that no public
 * name reads. Each name is kept by its builds; a golden test fails where a version changes one.
 */
export interface Core {
  readonly cols: number
  readonly rows: number
  readonly buffers: { readonly normal: CoreBuffer; readonly alt: CoreBuffer; readonly active: CoreBuffer }
  readonly coreService: {
    readonly isCursorHidden: boolean
    readonly modes: { readonly insertMode: boolean }
    readonly decPrivateModes: DecPrivateModes
  }
  readonly coreMouseService: { readonly activeProtocol: string; readonly activeEncoding: string }
  readonly optionsService: { readonly options: { readonly convertEol: boolean; readonly cursorBlink: boolean } }
  readonly unicodeService: { getStringCellWidth(text: string): number }
  readonly _charsetService: { charset: Charset; readonly glevel: number; readonly _charsets: Charset[] }
  readonly _oscLinkService: {
    readonly _dataByLinkId: Map<number, unknown>
    getLinkData(link: number): { id?: string; uri: string } | undefined
  }
  readonly _inputHandler: {
    readonly _curAttrData: Attributes
    readonly _parser: CoreParser
    setHyperlink(data: string): boolean
    onColor(listener: (changes: ColorChange[]) => void): unknown
  }
  writeSync(bytes: Uint8Array): void
  resize(cols: number, rows: number): void
}

export interface DecPrivateModes {
  readonly applicationCursorKeys: boolean
  readonly applicationKeypad: boolean
  readonly bracketedPasteMode: boolean
  readonly cursorBlink: boolean | undefined
  readonly cursorStyle: 'block' | 'underline' | 'bar' | undefined
  readonly origin: boolean
  readonly reverseWraparound: boolean
  readonly sendFocus: boolean
  readonly synchronizedOutput: boolean
  readonly wraparound: boolean
}

/** A table of what letters stand for; undefined is ASCII. */
export type Charset = object | undefined

export interface CoreParser {
  readonly currentState: number
  precedingJoinState: number
  readonly _oscParser: { reset(): void }
  readonly _dcsParser: { reset(): void }
  registerCsiHandler(id: { final: string }, handler: (params: { params: Int32Array }) => boolean): unknown
  registerOscHandler(id: number, handler: object): unknown
}

export interface CoreBuffer {
  readonly lines: { readonly length: number; get(index: number): CoreLine | undefined }
  readonly ybase: number
  readonly x: number
  readonly y: number
  readonly scrollTop: number
  readonly scrollBottom: number
  readonly tabs: Record<number, boolean | undefined>
  readonly savedX: number
  readonly savedY: number
  readonly savedCurAttrData: Attributes
  readonly savedCharset: Charset
}

export interface CoreLine {
  /** Three numbers a cell: content, foreground, background. */
  readonly _data: Uint32Array
  readonly _combined: Record<number, string>
  readonly _extendedAttrs: Record<number, ExtendedAttributes | undefined>
  readonly isWrapped: boolean
  readonly length: number
}

export interface Attributes {
  readonly fg: number
  readonly bg: number
  readonly extended: ExtendedAttributes
}

/** Underline style and colour, and the link. */
export interface ExtendedAttributes {
  readonly _ext: number
  readonly _urlId: number
}

/** 0 asks, 1 sets, 2 restores; an index past 255 is that of the foreground, the background and the cursor. */
export interface ColorChange {
  type: number
  index?: number
  color?: [number, number, number]
}

/** The parser reads text, not the middle of a sequence. */
export const groundState = 0

/** States in which a string is read that ends with ST: SOS, PM and APC; OSC; DCS, ignored or not. */
export const stringStates = { command: 7, osc: 8, dcsIgnore: 11, dcs: 13 } as const

export const contentMask = 0x3fffff
export const combinedFlag = 0x200000
export const codePointMask = 0x1fffff
export const widthShift = 22
export const colourMask = 0x3ffffff
export const colourModeMask = 0x3000000
export const fgFlag = {
  inverse: 0x4000000,
  bold: 0x8000000,
  underline: 0x10000000,
  blink: 0x20000000,
  invisible: 0x40000000,
  strikethrough: 0x80000000,
} as const
export const bgFlag = {
  italic: 0x4000000,
  dim: 0x8000000,
  extended: 0x10000000,
  protected: 0x20000000,
  overline: 0x40000000,
} as const
