import type { FileInfo } from '../api/container-files.ts'
import { showBytes } from '../files/amounts.ts'
import { icon } from '../files/icons.ts'
import { element } from '../page/element.ts'
import { language, words } from '../words.ts'
import { showAge } from '../workspace/age.ts'
import { isFolder } from './order.ts'

/** A line of a folder: what it is, its name and where it leads, its size and age. */
export function entryRow(entry: FileInfo, now: Date): HTMLElement {
  const { name, linkTarget, problem } = entry
  const label = element('span', { class: 'entry-name' }, name)
  if (linkTarget !== undefined) label.append(element('span', { class: 'leads-to' }, ` → ${linkTarget}`))
  const button = element(
    'button',
    { type: 'button', class: 'entry', title: titleOf(entry), 'data-kind': kindOf(entry) },
    icon(drawingOf(entry)),
    label,
    element('span', { class: 'entry-size' }, problem === undefined ? sizeOf(entry) : '!'),
    element('span', { class: 'entry-age' }, ageOf(entry, now)),
  )
  return element('li', {}, button)
}

const drawingOf = (entry: FileInfo) => (isFolder(entry) ? 'folder' : entry.type === 'link' ? 'link' : 'file')

const kindOf = ({ type, linkType, problem }: FileInfo) =>
  problem !== undefined ? 'problem' : type === 'link' && linkType === null ? 'broken' : type

const sizeOf = (entry: FileInfo) =>
  entry.type === 'file' && entry.sizeBytes !== null
    ? showBytes(entry.sizeBytes)
    : entry.type === 'directory' || entry.type === 'link'
      ? ''
      : words.browse.type(entry.type)

const ageOf = ({ modifiedTime }: FileInfo, now: Date) =>
  modifiedTime === null ? '' : showAge(new Date(modifiedTime), now, language)

/** What ls -l would say. */
export function titleOf({ name, type, mode, user, uid, group, gid, modifiedTime, problem }: FileInfo): string {
  const owner = [user ?? uid, group ?? gid].filter(part => part !== null).join(':')
  const time = modifiedTime === null ? '' : new Date(modifiedTime).toLocaleString(language)
  return [name, words.browse.type(type), [mode, owner].filter(Boolean).join(' '), time, problem]
    .filter(Boolean)
    .join('\n')
}
