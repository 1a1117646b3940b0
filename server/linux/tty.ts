/**
 * The name of a controlling terminal under /dev, from the number in /proc/PID/stat; `?` without one, and `major:minor` for
 * drivers that have no fixed major. Packing: new_encode_dev(), include/linux/kdev_t.h; majors: Documentation/admin-guide/devices.txt.
 */
export function ttyName(number: number): string {
  if (number === 0) return '?'
  const major = (number >>> 8) & 0xfff
  const minor = (number & 0xff) | ((number >>> 12) & 0xfff00)
  if (major >= 136 && major <= 143) return `pts/${(major - 136) * 256 + minor}`
  if (major === 4) return minor < 64 ? `tty${minor}` : `ttyS${minor - 64}`
  if (major === 5 && minor === 1) return 'console'
  return `${major}:${minor}`
}
