/** File systems that this kernel answers for out of its own memory or disks. */
const ownKernels = new Set(
  `bcachefs bdev binder binfmt_misc bpf btrfs cgroup cgroup2 configfs cpuset debugfs devpts devtmpfs efivarfs
  erofs exfat ext2 ext3 ext4 f2fs fusectl hugetlbfs iso9660 jfs mqueue msdos nilfs2 nsfs ntfs3 overlay pipefs proc pstore ramfs
  reiserfs resctrl rootfs rpc_pipefs securityfs selinuxfs sockfs squashfs sysfs tmpfs tracefs udf vfat xfs zfs`.split(
    /\s+/,
  ),
)

/**
 * Whether a file system of this type may keep whoever looks at it waiting for ever, since somebody else answers for it: a server
 * (nfs, cifs, ceph), another process (fuse.*, autofs), the host of a virtual machine (virtiofs, 9p). Types not known here may.
 */
export const mayHang = (fsType: string): boolean => !ownKernels.has(fsType)
