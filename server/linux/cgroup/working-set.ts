/** What kubelet counts and evicts by, in both versions: usage without the page cache that was not used lately. */
export const workingSet = (usageBytes: number | null, inactiveFileBytes: number | null) =>
  usageBytes === null || inactiveFileBytes === null ? null : Math.max(0, usageBytes - inactiveFileBytes)
