import { findTool, runWord } from './cli/main.ts'
import type { ToolEntry } from './core/tool.ts'
import { linuxAt } from './linux/linux.ts'
import { nameSelf } from './linux/procfs/self-comm.ts'
import { preferAsVictim } from './linux/procfs/self-oom-score-adj.ts'
import type { ToolContext } from './tools/context.ts'
import { registry } from './tools/registry.ts'

/** What beside the tools `ditty WORD` can do; each is loaded only when it is asked for. */
const commands: Record<string, (words: string[]) => Promise<number>> = {
  serve: async words => (await import('./main/serve.ts')).serve(words),
  up: async words => (await import('./main/up.ts')).up(words),
  enter: async words => (await import('./main/enter.ts')).enter(words),
  send: async words => (await import('./main/send.ts')).send(words),
  url: async words => (await import('./main/url.ts')).url(words),
  play: async words => (await import('./main/play/play.ts')).play(words),
  completion: async words => (await import('./main/completion.ts')).completion(words),
  help: async words => helpOn(words),
  version: async () => (await import('./main/version.ts')).version(),
}

const aliases: Record<string, string> = { '--help': 'help', '-h': 'help', '--version': 'version', '-V': 'version' }

/**
 * Everything ditty does from a command line, and its exit status. The first word is the name it was called by: an applet's
 * (`ping`), or `ditty`, whose next word then says what to do.
 */
export async function main([calledAs = 'ditty', ...words]: string[]): Promise<number> {
  const applet = calledAs === 'ditty' ? undefined : findTool(registry, calledAs)
  if (applet) return runTool(applet, calledAs, words, true)
  const [word = 'help', ...rest] = words
  const command = commands[aliases[word] ?? word]
  if (command) return command(rest)
  const tool = findTool(registry, word)
  if (tool) return runTool(tool, word, rest, false)
  process.stderr.write(`ditty: there is no tool or command '${word}'; ditty help lists them\n`)
  return 2
}

async function helpOn([word]: string[]): Promise<number> {
  const tool = word === undefined ? undefined : findTool(registry, word)
  return word && tool ? runTool(tool, word, ['--help'], false) : (await import('./main/help.ts')).help()
}

/** One run of a tool; the kernel takes it first when memory runs out, before the server and long before the target. */
async function runTool(
  entry: ToolEntry<ToolContext>,
  word: string,
  words: string[],
  asApplet: boolean,
): Promise<number> {
  preferAsVictim(1000)
  nameSelf(asApplet ? word : 'ditty')
  const readable = words.some(word => word.includes('\ufffd')) ? await shownWords(words) : words
  return runWord(entry, word, readable, { linux: linuxAt('/'), stdin: () => process.stdin }, asApplet)
}

/** Names need not be UTF-8; Node has made U+FFFD of what isn't. */
async function shownWords(words: readonly string[]): Promise<string[]> {
  const { rawWords } = await import('./main/send/raw-words.ts')
  const { shownName } = await import('./core/shown-name.ts')
  return rawWords(words).map((bytes, index) => (words[index]!.includes('\ufffd') ? shownName(bytes) : words[index]!))
}

if (import.meta.main) void main(process.argv.slice(2)).then(status => process.exit(status))
