import type { Renderer, Screen } from '../../../core/tool.ts'
import { type ByteText, byteTextOf, rawText } from '../byte-text.ts'
import { onTerminal } from '../printable-path.ts'
import type { FilesEvent } from '../run.ts'
import type { FilesInput, FilesView } from '../schema.ts'
import { problemWords, quotedPath, Remedies } from '../trouble-text.ts'
import { fileDirectives, isDevice, type Known, terseFile, usualFile } from './file.ts'
import { fileSystemDirectives, terseFileSystem, usualFileSystem } from './file-system.ts'
import { type Directives, parseTemplate } from './template.ts'

type Asked = Pick<FilesView, 'template' | 'escapes' | 'terse'>

/** What stat(1) prints. */
export function renderStat({ show }: FilesInput, view: FilesView, { isTerminal }: Screen): Renderer<FilesEvent> {
  const plain = isTerminal ? (name: ByteText) => byteTextOf(onTerminal(name)) : (name: ByteText) => name
  const isOfFileSystems = show === 'statfs'
  const ofFile = isOfFileSystems ? undefined : fileWriter(view, plain)
  const ofFileSystem = isOfFileSystems ? fileSystemWriter(view, plain) : undefined
  const failed = isOfFileSystems ? 'cannot read file system information for' : 'cannot statx'
  const remedies = new Remedies()
  return event => {
    switch (event.type) {
      case 'entry':
        return ofFile && rawText(ofFile(event as Known))
      case 'filesystem':
        return ofFileSystem && rawText(ofFileSystem(event))
      case 'trouble':
        remedies.add(event)
        return { stderr: `stat: ${failed} ${quotedPath(event)}: ${problemWords(event)}\n` }
      case 'summary':
        return remedies.text('stat')
      default:
        return undefined
    }
  }
}

/** Throws ToolError `invalid_input` where the template is none for what is shown. */
export function checkTemplate(template: string, escapes: boolean, show: unknown): void {
  const plain = (name: ByteText) => name
  if (show === 'statfs') parseTemplate(template, escapes, fileSystemDirectives(plain))
  else parseTemplate(template, escapes, fileDirectives(plain))
}

/** undefined where neither a format nor the short form is asked for. */
function writer<Thing>({ template, escapes, terse }: Asked, directives: Directives<Thing>, short: string) {
  if (template === undefined) return terse ? parseTemplate(short, true, directives) : undefined
  const write = parseTemplate(template, escapes, directives)
  return escapes ? write : (thing: Thing) => `${write(thing)}\n`
}

type Plain = (name: ByteText) => ByteText

function fileSystemWriter(view: Asked, plain: Plain) {
  const directives = fileSystemDirectives(plain)
  return writer(view, directives, terseFileSystem) ?? parseTemplate(usualFileSystem, true, directives)
}

function fileWriter(view: Asked, plain: Plain): (found: Known) => ByteText {
  const asked = writer(view, fileDirectives(plain, view.template), terseFile)
  if (asked) return asked
  const [ofDevice, ofOthers] = [true, false].map(isDevice =>
    parseTemplate(usualFile(isDevice), true, fileDirectives(plain)),
  )
  return found => (isDevice(found) ? ofDevice! : ofOthers!)(found)
}
