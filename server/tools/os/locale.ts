import { bytesAt, type Inside, namesIn } from './inside.ts'
import { localesInArchive } from './locale-archive.ts'
import type { LibcEvent, LocaleEvent } from './schema.ts'

const directory = '/usr/lib/locale'
/** Debian's with every locale has 230 MB; the table of names lies at its beginning. */
const maxArchiveBytes = 8 << 20

/** In the order in which setlocale(3) asks for the charset. */
const variables = ['LC_ALL', 'LC_CTYPE', 'LANG'] as const

/** Which charset C programs of the target take text for, and whether the locale that says so is installed. locale(7) */
export async function readLocale(inside: Inside, libc: LibcEvent): Promise<LocaleEvent> {
  const set: Record<string, string> = {}
  for (const name of [...variables, 'LANGUAGE', 'LOCPATH', 'MUSL_LOCPATH', 'PYTHONIOENCODING', 'PYTHONUTF8']) {
    const value = inside.environment?.get(name)
    if (value) set[name] = value
  }
  const variable = variables.find(name => set[name]) ?? null
  const name = variable === null ? null : set[variable]!
  const available = libc.family === 'musl' ? [] : await installedLocales(inside)
  const base = { type: 'locale' as const, name: name ?? 'C', variable, variables: set, available }
  if (inside.environment === null) return { ...base, name: null, isInstalled: null, charset: null, problem: null }
  if (libc.family === 'musl')
    return { ...base, isInstalled: true, charset: isC(name ?? '') ? 'ASCII' : 'UTF-8', problem: null }
  return { ...base, ...ofGlibc(name, variable, available, libc, inside) }
}

const isC = (name: string) => name === 'C' || name === 'POSIX'

function ofGlibc(name: string | null, variable: string | null, available: string[], libc: LibcEvent, inside: Inside) {
  const remedy =
    isBuiltIn('C.UTF-8', libc) || available.some(isUtf8C)
      ? 'LANG=C.UTF-8 works without installing anything'
      : 'install a UTF-8 locale'
  if (name === null || isC(name))
    return {
      isInstalled: true,
      charset: 'ASCII',
      problem: `no UTF-8 locale is set: C programs print ? or \\ooo for Chinese; ${remedy}`,
    }
  const isInstalled = isBuiltIn(name, libc) || available.some(one => normalised(one) === normalised(name))
  const charset = /\.([^@]+)/.exec(name)?.[1] ?? null
  if (isInstalled)
    return { isInstalled, charset: charset && (/^utf-?8$/i.test(charset) ? 'UTF-8' : charset), problem: null }
  // Where a directory with locales was denied, one in it may well be the one.
  if (inside.notes.all.some(({ what }) => what.includes(directory)))
    return { isInstalled: null, charset: null, problem: null }
  return {
    isInstalled,
    charset: 'ASCII',
    problem: `${variable}=${name} is not installed, so C programs fall back to C (ASCII); ${remedy}`,
  }
}

const isUtf8C = (name: string) => normalised(name) === 'c.utf8'

/** C.UTF-8 is part of glibc itself since 2.35. */
function isBuiltIn(name: string, { version }: LibcEvent): boolean {
  const [major = 0, minor = 0] = version?.split('.').map(Number) ?? []
  return isUtf8C(name) && (major > 2 || (major === 2 && minor >= 35))
}

/** As glibc compares codesets: `en_US.UTF-8` is `en_US.utf8`. _nl_normalize_codeset(), intl/l10nflist.c */
function normalised(name: string): string {
  const [, language = '', codeset, modifier = ''] = /^([^.@]*)(?:\.([^@]*))?(@.*)?$/.exec(name) ?? []
  return `${language.toLowerCase()}${codeset === undefined ? '' : `.${codeset.toLowerCase().replace(/[^a-z0-9]/g, '')}`}${modifier}`
}

/** As `locale -a` lists them, but for C and POSIX, which need no files. */
async function installedLocales(inside: Inside): Promise<string[]> {
  const names = await namesIn(inside, directory)
  const archive = names.includes('locale-archive')
    ? await bytesAt(inside, `${directory}/locale-archive`, maxArchiveBytes)
    : undefined
  const others = names.filter(name => name !== 'locale-archive')
  const whole: string[] = []
  // A locale is one by its LC_CTYPE; other names are remnants, or Java's.
  for (const name of others) if ((await namesIn(inside, `${directory}/${name}`)).includes('LC_CTYPE')) whole.push(name)
  return [...new Set([...whole, ...(archive ? localesInArchive(archive) : [])])].sort()
}
