/** The numbers of a device in one, gnu_dev_makedev(3). */
export const deviceNumber = ({ major, minor }: { major: number; minor: number }): bigint =>
  (BigInt(minor) & 0xffn) |
  ((BigInt(major) & 0xfffn) << 8n) |
  ((BigInt(minor) & 0xffffff00n) << 12n) |
  ((BigInt(major) & 0xfffff000n) << 32n)
