import { bytesText } from '../limits/format.ts'
import type {
  CertificatesEvent,
  KernelEvent,
  LibcEvent,
  LocaleEvent,
  OsEvent,
  ProgramEvent,
  ReleaseEvent,
  RuntimeEvent,
  TargetEvent,
  TimezoneEvent,
  UsersEvent,
} from './schema.ts'

export type Row = [label: string, text: string, kind?: 'problem']

type Shown = Exclude<OsEvent, { type: 'summary' | 'shell' | 'packageManager' }>

/** What each event says, in words. */
export function rowsOf(event: Shown): Row[] {
  switch (event.type) {
    case 'target':
      return [['Container', targetText(event)]]
    case 'kernel':
      return [['Kernel', kernelText(event)]]
    case 'release':
      return [['Release', releaseText(event)]]
    case 'root':
      return [['Root', rootText(event)]]
    case 'program':
      return programRows(event)
    case 'libc':
      return [['C library', libcText(event)]]
    case 'runtime':
      return [['Runtime', runtimeText(event)]]
    case 'timezone':
      return [['Time zone', timezoneText(event)], ...problemRow(event)]
    case 'locale':
      return [['Locale', localeText(event)], ...problemRow(event)]
    case 'certificates':
      return [['Certificates', certificatesText(event)], ...problemRow(event)]
    case 'users':
      return [['Users', usersText(event)]]
    case 'packageDatabase':
      return [['Packages', databaseText(event)], ...problemRow(event)]
    case 'hint':
      return [['Hint', `${event.text} (${event.evidence})`]]
    default:
      return []
  }
}

const problemRow = ({ problem }: { problem: string | null }): Row[] =>
  problem === null ? [] : [['', problem, 'problem']]

const inBrackets = (words: readonly (string | null | undefined | false)[]) => {
  const told = words.filter(Boolean)
  return told.length > 0 ? ` (${told.join(', ')})` : ''
}

function targetText({ container, pid }: TargetEvent): string {
  const whose = { self: "ditty's own", host: 'the node, outside of containers' }[container.kind as string]
  const name = container.name ?? container.id?.slice(0, 12)
  return `${[name, whose].filter(Boolean).join(': ') || 'unnamed'}${inBrackets([container.runtime, `pid ${pid}`])}`
}

const kernelText = ({ release, machine, sandbox, flavour }: KernelEvent) =>
  `${[release ?? 'not shown', machine].filter(Boolean).join(' ')}${inBrackets([sandbox, flavour])}`

function releaseText({ prettyName, pointRelease, variant, id, idLike, evidence }: ReleaseEvent): string {
  if (prettyName === null) return 'none told: no release file in the image'
  const like = idLike.length > 0 && `like ${idLike.join(' ')}`
  return prettyName + inBrackets([pointRelease, variant, id && `id ${id}`, like, evidence])
}

function rootText({ isReadOnly, fsType }: Extract<OsEvent, { type: 'root' }>): string {
  if (isReadOnly === null) return 'not known'
  return `${isReadOnly ? 'read-only' : 'writable'}, ${fsType}`
}

function programRows(event: ProgramEvent): Row[] {
  const { args, comm, pid, innerPid, uid, user, executable, machine, isEmulated, isStatic, interpreter, init } = event
  const ids = [innerPid === pid ? `pid ${pid}` : `pid ${innerPid}, here ${pid}`, `uid ${uid}${user ? ` ${user}` : ''}`]
  const rows: Row[] = [['Main process', (args.join(' ') || comm) + inBrackets(ids)]]
  if (init) rows.push(['  started by', init.args.join(' ') || init.comm])
  if (executable === null) return rows
  const linked = isStatic ? 'static' : `loaded by ${interpreter}`
  rows.push(['  executable', executable + inBrackets([machine, isEmulated === true && 'emulated', linked])])
  if (event.package) rows.push(['  of package', event.package])
  if (event.buildId) rows.push(['  build id', event.buildId])
  return rows
}

function libcText({ family, version, build, path, inUse, linked }: LibcEvent): string {
  if (family === null) return linked === 'static' ? 'none, and the executable needs none' : 'none found'
  const unused = !inUse && (linked === 'static' ? 'not used: the executable is static' : 'not known to be used')
  return `${[family, version].filter(Boolean).join(' ')}${inBrackets([build, path, unused])}`
}

function runtimeText({ name, version, evidence, details }: RuntimeEvent): string {
  const told = Object.entries(details).map(([name, value]) => `${name} ${value}`)
  return `${name} ${version ?? 'of unknown version'}${inBrackets([...told, evidence && `by ${evidence}`])}`
}

function timezoneText({ name, offset, abbreviation, source, tz, dataPath }: TimezoneEvent): string {
  const by = source === 'TZ' ? `by TZ=${tz}` : source === 'default' ? 'by default' : `by ${source}`
  return `${name ?? 'unnamed'}, now ${offset} ${abbreviation}${inBrackets([by, dataPath ? `data in ${dataPath}` : 'no zone data'])}`
}

function localeText({ name, variable, charset, available }: LocaleEvent): string {
  if (name === null) return 'not known: the environment is hidden'
  const installed =
    available.length > 6 ? `${available.length} installed` : available.length > 0 && `installed: ${available.join(' ')}`
  return `${name}${charset ? `, ${charset}` : ''}${inBrackets([variable ?? 'none set', installed])}`
}

function certificatesText({ path, certificates, expired, newestTime, variables }: CertificatesEvent): string {
  const count = certificates === null ? 'not counted' : `${certificates}`
  const age = newestTime && `newest of ${newestTime.slice(0, 10)}`
  return `${path}: ${count}${inBrackets([expired ? `${expired} expired` : null, age, variables.length > 0 && `named by ${variables.join(' ')}`])}`
}

function usersText({ isThere, count, withShell, uid, user }: UsersEvent): string {
  if (!isThere) return `no /etc/passwd; the main process has uid ${uid}`
  const login = withShell.length > 0 ? `with a login shell: ${withShell.join(' ')}` : 'none with a login shell'
  return `${count}, ${login}${inBrackets([user === null && `uid ${uid} has no name`])}`
}

function databaseText({
  format,
  backend,
  packages,
  installedBytes,
  path,
  changedTime,
}: Extract<OsEvent, { type: 'packageDatabase' }>) {
  const changed = changedTime && `changed ${changedTime.slice(0, 10)}`
  return `${packages} of ${format}, ${bytesText(installedBytes)}${inBrackets([backend, path, changed])}`
}
