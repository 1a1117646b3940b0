import { standardSignals } from '../../linux/signals.ts'

const lineCells = 80

/** `kill -l` of procps and `killall -l`: names alone, in as many lines as they need. */
export function signalLines(): string {
  const lines = ['']
  for (const name of standardSignals) {
    const line = lines.at(-1)!
    const longer = line === '' ? name : `${line} ${name}`
    if (longer.length < lineCells) lines[lines.length - 1] = longer
    else lines.push(name)
  }
  return `${lines.join('\n')}\n`
}

const columns = 7

/** `kill -L`: numbers with names, seven in a line, the last of a line without padding. */
export function signalTable(): string {
  const cells = standardSignals.map((name, at) => {
    const cell = `${String(at + 1).padStart(2)} ${name}`
    return (at + 1) % columns === 0 ? `${cell}\n` : cell.padEnd(11)
  })
  return `${cells.join('')}\n`
}
