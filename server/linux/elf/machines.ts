/** e_machine and what uname(2) says on such a machine. Source: include/uapi/linux/elf-em.h. */
const machines: Record<number, string> = {
  3: 'i686',
  8: 'mips',
  21: 'ppc64',
  22: 's390x',
  40: 'arm',
  62: 'x86_64',
  183: 'aarch64',
  243: 'riscv64',
  258: 'loongarch64',
}

export function machineName(machine: number, is64: boolean, isLittleEndian: boolean): string {
  if (machine === 21 && isLittleEndian) return 'ppc64le'
  if (machine === 8) return `mips${is64 ? '64' : ''}${isLittleEndian ? 'el' : ''}`
  if (machine === 22 && !is64) return 's390'
  if (machine === 243 && !is64) return 'riscv32'
  return machines[machine] ?? `machine ${machine}`
}

/** Of each 64-bit kernel the 32-bit programs it also runs. */
const narrower: Record<string, RegExp> = {
  x86_64: /^i[3-6]86$/,
  aarch64: /^arm/,
  s390x: /^s390$/,
  ppc64: /^ppc$/,
  mips64: /^mips$/,
}

/** Whether a kernel runs such a program by itself, rather than through an emulator (binfmt_misc with QEMU). */
export const runsNatively = (kernel: string, program: string): boolean =>
  kernel === program ||
  (kernel.startsWith('arm') && program.startsWith('arm')) ||
  (narrower[kernel]?.test(program) ?? false)
