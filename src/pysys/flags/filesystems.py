"""Flag types of filesystems: which one it is, and what their requests of ioctl take.

Values are those of ``linux/magic.h``, ``linux/fs.h``, ``linux/fiemap.h`` and ``linux/loop.h``.
"""

from __future__ import annotations

from pysys.flags.documented import DocumentedEnum, DocumentedFlag


class FilesystemMagic(DocumentedEnum):
    """Which filesystem it is: f_type of a statfs. Those without a name in linux/magic.h are not here."""

    ADFS_SUPER_MAGIC = 0xADF5, "ADFS. Since Linux 2.4 or earlier."
    AFFS_SUPER_MAGIC = 0xADFF, "Amiga's AFFS. Since Linux 2.4 or earlier."
    AFS_SUPER_MAGIC = 0x5346414F, "AFS, of OpenAFS. Since Linux 2.6.24 or earlier."
    AFS_FS_MAGIC = 0x6B414653, "AFS, of the kernel. Since Linux 4.15."
    AUTOFS_SUPER_MAGIC = 0x187, "autofs: mounts on use. Since Linux 2.6.24 or earlier."
    CEPH_SUPER_MAGIC = 0xC36400, "Ceph. Since Linux 5.17."
    CODA_SUPER_MAGIC = 0x73757245, "Coda. Since Linux 2.4 or earlier."
    CRAMFS_MAGIC = 0x28CD3D45, "cramfs. Since Linux 2.6.11 or earlier."
    CRAMFS_MAGIC_WEND = 0x453DCD28, "cramfs of the other byte order. Since Linux 2.6.24 or earlier."
    DEBUGFS_MAGIC = 0x64626720, "debugfs. Since Linux 2.6.32 or earlier."
    SECURITYFS_MAGIC = 0x73636673, "securityfs. Since Linux 2.6.32 or earlier."
    SELINUX_MAGIC = 0xF97CFF8C, "selinuxfs. Since Linux 2.6.32 or earlier."
    SMACK_MAGIC = 0x43415D53, "smackfs. Since Linux 3.12 or earlier."
    AAFS_MAGIC = 0x5A3C69F0, "AppArmor's policies. Since Linux 4.14 or earlier."
    RAMFS_MAGIC = 0x858458F6, "ramfs. Since Linux 2.6.32 or earlier."
    TMPFS_MAGIC = 0x1021994, "tmpfs. Since Linux 2.6.32 or earlier."
    HUGETLBFS_MAGIC = 0x958458F6, "hugetlbfs, and memory of MFD_HUGETLB. Since Linux 2.6.32 or earlier."
    SQUASHFS_MAGIC = 0x73717368, "SquashFS. Since Linux 2.6.32 or earlier."
    ECRYPTFS_SUPER_MAGIC = 0xF15F, "eCryptfs. Since Linux 3.3 or earlier."
    EFS_SUPER_MAGIC = 0x414A53, "IRIX's EFS. Since Linux 2.4 or earlier."
    EROFS_SUPER_MAGIC_V1 = 0xE0F5E1E2, "EROFS. Since Linux 5.4."
    EXT4_SUPER_MAGIC = 0xEF53, "ext4, ext3 and ext2. Since Linux 2.6.24 or earlier."
    EXT3_SUPER_MAGIC = EXT4_SUPER_MAGIC
    EXT2_SUPER_MAGIC = EXT4_SUPER_MAGIC
    XENFS_SUPER_MAGIC = 0xABBA1974, "xenfs. Since Linux 2.6.32 or earlier."
    BTRFS_SUPER_MAGIC = 0x9123683E, "btrfs. Since Linux 2.6.32 or earlier."
    BTRFS_TEST_MAGIC = 0x73727279, "btrfs, in the kernel's tests. Since Linux 3.14 or earlier."
    NILFS_SUPER_MAGIC = 0x3434, "NILFS. Since Linux 2.6.32 or earlier."
    F2FS_SUPER_MAGIC = 0xF2F52010, "F2FS. Since Linux 3.12 or earlier."
    HPFS_SUPER_MAGIC = 0xF995E849, "HPFS. Since Linux 2.4 or earlier."
    ISOFS_SUPER_MAGIC = 0x9660, "ISO 9660. Since Linux 2.4 or earlier."
    JFFS2_SUPER_MAGIC = 0x72B6, "JFFS2. Since Linux 2.6.11 or earlier."
    XFS_SUPER_MAGIC = 0x58465342, "XFS. Since Linux 4.20."
    ZONEFS_MAGIC = 0x5A4F4653, "zonefs. Since Linux 5.6."
    PSTOREFS_MAGIC = 0x6165676C, "pstore. Since Linux 3.3 or earlier."
    EFIVARFS_MAGIC = 0xDE5E81E4, "efivarfs. Since Linux 3.12 or earlier."
    HOSTFS_SUPER_MAGIC = 0xC0FFEE, "hostfs of User Mode Linux. Since Linux 3.12 or earlier."
    OVERLAYFS_SUPER_MAGIC = 0x794C7630, "overlayfs. Since Linux 4.7 or earlier."
    FUSE_SUPER_MAGIC = 0x65735546, "FUSE. Since Linux 5.17."
    BCACHEFS_SUPER_MAGIC = 0xCA451A4E, "bcachefs. Since Linux 6.10."
    MINIX_SUPER_MAGIC = 0x137F, "Minix, names of 14 bytes. Since Linux 2.4 or earlier."
    MINIX_SUPER_MAGIC2 = 0x138F, "Minix, names of 30 bytes. Since Linux 2.4 or earlier."
    MINIX2_SUPER_MAGIC = 0x2468, "Minix 2, names of 14 bytes. Since Linux 2.4 or earlier."
    MINIX2_SUPER_MAGIC2 = 0x2478, "Minix 2, names of 30 bytes. Since Linux 2.4 or earlier."
    MINIX3_SUPER_MAGIC = 0x4D5A, "Minix 3, names of 60 bytes. Since Linux 2.6.24 or earlier."
    MSDOS_SUPER_MAGIC = 0x4D44, "FAT. Since Linux 2.4 or earlier."
    EXFAT_SUPER_MAGIC = 0x2011BAB0, "exFAT. Since Linux 5.17."
    NCP_SUPER_MAGIC = 0x564C, "NetWare. Linux 7.2 no longer has it. Since Linux 2.4 or earlier."
    NFS_SUPER_MAGIC = 0x6969, "NFS. Since Linux 2.4 or earlier."
    OCFS2_SUPER_MAGIC = 0x7461636F, "OCFS2. Since Linux 4.14 or earlier."
    OPENPROM_SUPER_MAGIC = 0x9FA1, "openpromfs of sparc. Since Linux 2.4 or earlier."
    QNX4_SUPER_MAGIC = 0x2F, "QNX 4. Since Linux 2.4 or earlier."
    QNX6_SUPER_MAGIC = 0x68191122, "QNX 6. Since Linux 3.12 or earlier."
    REISERFS_SUPER_MAGIC = 0x52654973, "ReiserFS. Linux 7.2 no longer has it. Since Linux 2.6.11 or earlier."
    SMB_SUPER_MAGIC = (
        0x517B,
        "SMB, of the first client. Linux 7.2 no longer has it. Since Linux 2.4 or earlier.",
    )
    CIFS_SUPER_MAGIC = 0xFF534D42, "SMB 1. Since Linux 5.17."
    SMB2_SUPER_MAGIC = 0xFE534D42, "SMB 2 and later. Since Linux 5.17."
    UDF_SUPER_MAGIC = 0x15013346, "UDF. Since Linux 4.7 or earlier."
    CGROUP_SUPER_MAGIC = 0x27E0EB, "Control groups, version 1. Since Linux 2.6.24 or earlier."
    CGROUP2_SUPER_MAGIC = 0x63677270, "Control groups, version 2. Since Linux 4.7 or earlier."
    RDTGROUP_SUPER_MAGIC = 0x7655821, "resctrl. Since Linux 4.10."
    TRACEFS_MAGIC = 0x74726163, "tracefs. Since Linux 4.4 or earlier."
    V9FS_MAGIC = 0x1021997, "9P. Since Linux 3.3 or earlier."
    BDEVFS_MAGIC = 0x62646576, "Block devices, inside of the kernel. Since Linux 3.12 or earlier."
    DAXFS_MAGIC = 0x64646178, "Memory devices, inside of the kernel. Since Linux 4.9."
    BINFMTFS_MAGIC = 0x42494E4D, "binfmt_misc. Since Linux 3.12 or earlier."
    DEVPTS_SUPER_MAGIC = 0x1CD1, "Pseudoterminals. Since Linux 2.6.32 or earlier."
    BINDERFS_SUPER_MAGIC = 0x6C6F6F70, "binder. Since Linux 5.0."
    FUTEXFS_SUPER_MAGIC = (
        0xBAD1DEA,
        "Futexes as descriptors. Linux 7.2 no longer has it. Since Linux 2.6.24 or earlier.",
    )
    PIPEFS_MAGIC = 0x50495045, "Pipes: fstatfs of one. Since Linux 2.4 or earlier."
    PROC_SUPER_MAGIC = 0x9FA0, "/proc. Since Linux 2.4 or earlier."
    SOCKFS_MAGIC = 0x534F434B, "Sockets: fstatfs of one. Since Linux 2.6.32 or earlier."
    SYSFS_MAGIC = 0x62656572, "/sys. Since Linux 2.6.32 or earlier."
    USBDEVICE_SUPER_MAGIC = 0x9FA2, "usbfs. Linux 7.2 no longer has it. Since Linux 2.4 or earlier."
    MTD_INODE_FS_MAGIC = 0x11307854, "Flash memory, inside of the kernel. Since Linux 3.12 or earlier."
    ANON_INODE_FS_MAGIC = (
        0x9041934,
        "Descriptors of epoll, eventfd and the like: fstatfs of one. Since Linux 2.6.24 or earlier.",
    )
    NSFS_MAGIC = 0x6E736673, "Namespaces: fstatfs of one. Since Linux 4.4 or earlier."
    BPF_FS_MAGIC = 0xCAFE4A11, "bpffs. Since Linux 4.4 or earlier."
    DMA_BUF_MAGIC = 0x444D4142, "Buffers of devices: fstatfs of one. Since Linux 5.3."
    DEVMEM_MAGIC = 0x454D444D, "/dev/mem, inside of the kernel. Since Linux 5.8."
    SECRETMEM_MAGIC = 0x5345434D, "memfd_secret: fstatfs of one. Since Linux 5.14."
    PID_FS_MAGIC = 0x50494446, "pidfds: fstatfs of one. Since Linux 6.9."
    GUEST_MEMFD_MAGIC = 0x474D454D, "Memory of guests of KVM: fstatfs of one. Since Linux 7.2 or earlier."
    NULL_FS_MAGIC = 0x4E554C4C, "An empty root, in which nothing can be made. Since Linux 7.2 or earlier."


class InodeFlags(DocumentedFlag):
    """Attributes of a file: FS_IOC_GETFLAGS and FS_IOC_SETFLAGS, as chattr shows them.

    Each filesystem has some. Since Linux 2.6.24 or earlier, unless a member says otherwise.
    """

    FS_SECRM_FL = 1, "Overwrite what is deleted. Hardly anywhere in effect."
    FS_UNRM_FL = 2, "Keep what is deleted. Hardly anywhere in effect."
    FS_COMPR_FL = 4, "Compress it."
    FS_SYNC_FL = 8, "Every write waits for the disk."
    FS_IMMUTABLE_FL = 0x10, "It cannot be changed, renamed, linked or deleted. Needs CAP_LINUX_IMMUTABLE."
    FS_APPEND_FL = 0x20, "Writes only go to its end. Needs CAP_LINUX_IMMUTABLE."
    FS_NODUMP_FL = 0x40, "dump leaves it out."
    FS_NOATIME_FL = 0x80, "Reading does not change its access time."
    FS_DIRTY_FL = 0x100, "Of compression; cannot be set."
    FS_COMPRBLK_FL = 0x200, "Some of it is compressed; cannot be set."
    FS_NOCOMP_FL = 0x400, "Do not compress it."
    FS_ENCRYPT_FL = 0x800, "It is encrypted; cannot be set. Since Linux 4.7 or earlier."
    FS_BTREE_FL = 0x1000, "The directory is a tree; cannot be set."
    FS_INDEX_FL = FS_BTREE_FL
    FS_IMAGIC_FL = 0x2000, "Of AFS."
    FS_JOURNAL_DATA_FL = 0x4000, "Its data goes through the journal."
    FS_NOTAIL_FL = 0x8000, "Its end is not put together with others'."
    FS_DIRSYNC_FL = 0x10000, "Every change of the directory waits for the disk."
    FS_TOPDIR_FL = 0x20000, "Directories in it are spread over the disk."
    FS_HUGE_FILE_FL = 0x40000, "Its size is counted in blocks; cannot be set. Since Linux 4.7 or earlier."
    FS_EXTENT_FL = 0x80000, "It is made of extents."
    FS_VERITY_FL = 0x100000, "Its content is proven by hashes; cannot be set. Since Linux 5.4."
    FS_EA_INODE_FL = (
        0x200000,
        "It is a large extended attribute of another; cannot be set. Since Linux 4.7 or earlier.",
    )
    FS_EOFBLOCKS_FL = 0x400000, "It has blocks behind its end. Without effect. Since Linux 4.7 or earlier."
    FS_NOCOW_FL = 0x800000, "It is changed in its place, and not copied. Since Linux 2.6.39."
    FS_DAX_FL = 0x2000000, "It is used without the page cache. Since Linux 5.8."
    FS_INLINE_DATA_FL = 0x10000000, "Its data is in the inode; cannot be set. Since Linux 4.7 or earlier."
    FS_PROJINHERIT_FL = 0x20000000, "What is made in it has its project. Since Linux 4.4 or earlier."
    FS_CASEFOLD_FL = 0x40000000, "Names in it are found whatever their case. Since Linux 5.4."


class FiemapFlags(DocumentedFlag):
    """fm_flags of a fiemap, for FS_IOC_FIEMAP.

    Since Linux 2.6.32 or earlier, unless a member says otherwise.
    """

    FIEMAP_FLAG_SYNC = 1, "Write the file to the disk first."
    FIEMAP_FLAG_XATTR = 2, "Show the extended attributes' place."
    FIEMAP_FLAG_CACHE = 4, "Read the extents into memory. Since Linux 3.12 or earlier."


class FiemapExtentFlags(DocumentedFlag):
    """fe_flags of a fiemap_extent. Since Linux 2.6.32 or earlier, unless a member says otherwise."""

    FIEMAP_EXTENT_LAST = 1, "The last of the file."
    FIEMAP_EXTENT_UNKNOWN = 2, "It has no place on the disk that is known."
    FIEMAP_EXTENT_DELALLOC = 4, "It has no place on the disk yet."
    FIEMAP_EXTENT_ENCODED = 8, "It cannot be read from the disk as it is."
    FIEMAP_EXTENT_DATA_ENCRYPTED = 0x80, "It is encrypted."
    FIEMAP_EXTENT_NOT_ALIGNED = 0x100, "It is not aligned to blocks."
    FIEMAP_EXTENT_DATA_INLINE = 0x200, "It is in a block of the file's description."
    FIEMAP_EXTENT_DATA_TAIL = 0x400, "It is in a block with other files' ends."
    FIEMAP_EXTENT_UNWRITTEN = 0x800, "It has a place, and reads as zeros."
    FIEMAP_EXTENT_MERGED = 0x1000, "The file has no extents: these were put together."
    FIEMAP_EXTENT_SHARED = 0x2000, "Other files have it, too. Since Linux 3.3 or earlier."


class LoopFlags(DocumentedFlag):
    """lo_flags of a loop_info64, and of the info in a loop_config."""

    LO_FLAGS_READ_ONLY = 1, "It cannot be written to. Since Linux 2.4 or earlier."
    LO_FLAGS_AUTOCLEAR = 4, "It is detached after the last close. Since Linux 2.6.25."
    LO_FLAGS_PARTSCAN = 8, "Its partitions become devices. Since Linux 3.2."
    LO_FLAGS_DIRECT_IO = 0x10, "It uses its file without the page cache. Since Linux 4.4 or earlier."


class LoopCrypt(DocumentedEnum):
    """lo_encrypt_type of a loop_info64.

    Linux 7.2 refuses all but the first. Since Linux 2.4 or earlier, unless a member says otherwise.
    """

    LO_CRYPT_NONE = 0, "None."
    LO_CRYPT_XOR = 1, "Exclusive or."
    LO_CRYPT_DES = 2, "DES."
    LO_CRYPT_FISH2 = 3, "Twofish."
    LO_CRYPT_BLOW = 4, "Blowfish."
    LO_CRYPT_CAST128 = 5, "CAST-128."
    LO_CRYPT_IDEA = 6, "IDEA."
    LO_CRYPT_DUMMY = 9, "A test."
    LO_CRYPT_SKIPJACK = 10, "Skipjack."
    LO_CRYPT_CRYPTOAPI = 18, "The kernel's cryptography. Since Linux 2.6.11 or earlier."
