/** Numbers as on Linux, x86 and ARM alike (signal(7)): the shell runs there, wherever the browser does. */
const names: Record<number, string> = {
  1: 'SIGHUP',
  2: 'SIGINT',
  3: 'SIGQUIT',
  4: 'SIGILL',
  6: 'SIGABRT',
  7: 'SIGBUS',
  8: 'SIGFPE',
  9: 'SIGKILL',
  11: 'SIGSEGV',
  13: 'SIGPIPE',
  14: 'SIGALRM',
  15: 'SIGTERM',
}

export const signalName = (signal: number): string => names[signal] ?? `signal ${signal}`
