import { isIP } from 'node:net'
import { ToolError } from '../../core/errors.ts'
import { errnoOf, type Linux } from '../../linux/linux.ts'

/** resolv.conf(5), as glibc reads it. */
export interface ResolvConf {
  /** At most three; 127.0.0.1 when none is named. */
  nameservers: string[]
  search: string[]
  /** A name with at least so many dots is tried as it stands first. */
  ndots: number
  /** Seconds to wait for one server. */
  timeoutSeconds: number
  /** Rounds over all servers. */
  attempts: number
  /** Spread queries over the servers instead of always starting with the first. */
  rotate: boolean
  /** Ask over TCP from the start (`use-vc`). */
  useTcp: boolean
}

export const resolvConfPath = '/etc/resolv.conf'

/** MAXNS of <resolv.h>: glibc and musl use no fourth. */
const maxNameservers = 3

/** RES_MAXNDOTS, RES_MAXRETRANS and RES_MAXRETRY of glibc's resolv/resolv-internal.h: higher values are capped. */
const caps = { ndots: 15, timeout: 30, attempts: 5 }

/** With neither `search` nor `domain`, the domain of this machine's own name is searched. */
export function readResolvConf(linux: Linux): ResolvConf {
  const conf = parseResolvConf(readFile(linux))
  return conf.search.length > 0 ? conf : { ...conf, search: ownDomain(linux) }
}

function ownDomain(linux: Linux): string[] {
  try {
    const [, domain] = /^[^.]+\.(.+)/.exec(linux.read('/proc/sys/kernel/hostname').toString('utf8').trim()) ?? []
    return domain === undefined ? [] : [domain]
  } catch {
    return []
  }
}

/** Without the file the system asks a server on this machine; so do we. */
function readFile(linux: Linux): string {
  try {
    return linux.read(resolvConfPath).toString('utf8')
  } catch (error) {
    const errno = errnoOf(error)
    if (errno === 'ENOENT' || errno === 'ENOTDIR') return ''
    throw new ToolError(
      errno === 'EACCES' ? 'not_permitted' : 'unavailable',
      `can't read ${resolvConfPath}: ${errno}`,
      {
        remedy: 'name a server to ask (@ADDRESS, --server ADDRESS)',
        cause: error,
      },
    )
  }
}

export function parseResolvConf(text: string): ResolvConf {
  const conf: ResolvConf = {
    nameservers: [],
    search: [],
    ndots: 1,
    timeoutSeconds: 5,
    attempts: 2,
    rotate: false,
    useTcp: false,
  }
  for (const line of text.split('\n')) {
    const [keyword, ...values] = line
      .replace(/[;#].*/, '')
      .trim()
      .split(/\s+/)
    if (keyword === 'nameserver') addNameserver(conf, values[0] ?? '')
    else if (keyword === 'search') conf.search = values
    else if (keyword === 'domain') conf.search = values.slice(0, 1)
    else if (keyword === 'options') for (const option of values) applyOption(conf, option)
  }
  if (conf.nameservers.length === 0) conf.nameservers = ['127.0.0.1']
  return conf
}

function addNameserver(conf: ResolvConf, address: string): void {
  if (isIP(address) && conf.nameservers.length < maxNameservers) conf.nameservers.push(address)
}

function applyOption(conf: ResolvConf, option: string): void {
  const [name, text] = option.split(':', 2)
  const value = Number.parseInt(text ?? '', 10)
  if (name === 'rotate') conf.rotate = true
  else if (name === 'use-vc') conf.useTcp = true
  else if (!(value >= 0)) return
  else if (name === 'ndots') conf.ndots = Math.min(value, caps.ndots)
  else if (name === 'timeout') conf.timeoutSeconds = Math.min(Math.max(value, 1), caps.timeout)
  else if (name === 'attempts') conf.attempts = Math.min(Math.max(value, 1), caps.attempts)
}
