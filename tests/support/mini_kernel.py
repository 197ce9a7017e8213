"""A kernel tree of a few lines a file, with one of each thing that the tool must understand."""
# ruff: noqa: E101 - C is written with tabs

from __future__ import annotations

from pathlib import Path

# Tables that hold nothing of interest here, with a column of their own.
PLAIN_TABLES = {
    "arch/s390/kernel/syscalls/syscall.tbl": "common",
    "arch/mips/kernel/syscalls/syscall_n32.tbl": "n32",
    "arch/mips/kernel/syscalls/syscall_n64.tbl": "n64",
    "arch/sparc/kernel/syscalls/syscall.tbl": "common",
    "arch/m68k/kernel/syscalls/syscall.tbl": "common",
    "arch/microblaze/kernel/syscalls/syscall.tbl": "common",
    "arch/xtensa/kernel/syscalls/syscall.tbl": "common",
    "arch/parisc/kernel/syscalls/syscall.tbl": "common",
    "arch/sh/kernel/syscalls/syscall.tbl": "common",
}
GENERIC = ["arm64", "riscv", "loongarch", "arc", "csky", "hexagon", "nios2", "openrisc"]
OWN = ["x86", "arm", "powerpc", "s390", "mips", "sparc", "parisc", "sh", "m68k", "alpha", "xtensa"]
OWN += ["microblaze"]

FILES = {
    "Makefile": "VERSION = 9\nPATCHLEVEL = 1\nSUBLEVEL = 0\nEXTRAVERSION =\n",
    "arch/x86/entry/syscalls/syscall_64.tbl": """\
# a comment
0	common	read		sys_read
1	64	stat		sys_newstat
2	common	exit		sys_exit		-		noreturn
3	64	pread64		sys_pread64
3	x32	pread64		compat_sys_pread64
""",
    "arch/x86/entry/syscalls/syscall_32.tbl": """\
1	i386	exit		sys_exit
2	i386	clone		sys_clone
3	i386	pread64		sys_ia32_pread64
4	i386	removed
5	i386	read		sys_read		compat_sys_read
""",
    "arch/x86/include/uapi/asm/unistd.h": "#define __X32_SYSCALL_BIT 0x40000000\n",
    "arch/arm/tools/syscall.tbl": """\
0	common	read		sys_read
1	common	arm_sync_file_range	sys_sync_file_range2
2	common	pread64		sys_pread64
3	oabi	old		sys_old
""",
    "arch/arm64/tools/syscall_32.tbl": """\
0	common	read		sys_read
1	common	arm_sync_file_range	sys_sync_file_range2
2	common	pread64		sys_pread64	compat_sys_aarch32_pread64
""",
    "arch/arm/include/uapi/asm/unistd.h": """\
#define __NR_OABI_SYSCALL_BASE	0x900000
#define __NR_sync_file_range2	__NR_arm_sync_file_range
/* private */
#define __ARM_NR_BASE		(__NR_SYSCALL_BASE+0x0f0000)
#define __ARM_NR_set_tls	(__ARM_NR_BASE+5)
""",
    "arch/arm64/include/asm/unistd.h": """\
#define __ARM_NR_COMPAT_BASE		0x0f0000
#define __ARM_NR_compat_set_tls	(__ARM_NR_COMPAT_BASE + 5)
""",
    "arch/powerpc/kernel/syscalls/syscall.tbl": """\
0	nospu	read		sys_read
0	spu	read		sys_ni_syscall
1	32	fadvise64_64	sys_ppc_fadvise64_64
1	64	fork		sys_fork
2	common	getpid		sys_getpid
""",
    "arch/mips/kernel/syscalls/syscall_o32.tbl": """\
3	o32	read		sys_read
4	o32	pread64		sys_pread64	sys_32_pread
""",
    "arch/mips/include/uapi/asm/unistd.h": """\
#if _MIPS_SIM == _MIPS_SIM_ABI32
#define __NR_Linux	4000
#endif
#if _MIPS_SIM == _MIPS_SIM_ABI64
#define __NR_Linux	5000
#endif
#if _MIPS_SIM == _MIPS_SIM_NABI32
#define __NR_Linux	6000
#endif
""",
    "arch/alpha/kernel/syscalls/syscall.tbl": "20 common getxpid sys_getxpid\n312 common clone alpha_clone\n",
    "arch/alpha/include/uapi/asm/unistd.h": "#define __NR_getpid __NR_getxpid\n",
    "arch/sh/kernel/syscalls/syscall.tbl": "3 common read sys_read\n180 common pread64 sys_pread_wrapper\n",
    "arch/parisc/kernel/syscalls/syscall.tbl": """\
3	common	read		sys_read
4	32	pread64		parisc_pread64
4	64	pread64		sys_pread64
5	common	fanotify_mark	sys_fanotify_mark	compat_sys_fanotify_mark
""",
    "scripts/syscall.tbl": """\
63	common	read		sys_read
67	common	pread64		sys_pread64
84	common	sync_file_range	sys_sync_file_range
38	renameat	renameat	sys_renameat
244	csky	cacheflush	sys_cacheflush
""",
    "scripts/Makefile.asm-headers": "syscall_abis_32  += common,32\nsyscall_abis_64  += common,64\n",
    "arch/arm64/kernel/Makefile.syscalls": (
        "syscall_abis_32 +=\nsyscall_abis_64 += renameat\n\nsyscalltbl = arch/arm64/tools/syscall_%.tbl\n"
    ),
    "arch/csky/kernel/Makefile.syscalls": "# comment\nsyscall_abis_32 += csky\n",
    "arch/csky/include/uapi/asm/unistd.h": (
        "#define __NR_sync_file_range2 84\n#undef __NR_sync_file_range\n"
    ),
    "arch/hexagon/include/uapi/asm/unistd.h": "#include <asm/unistd_32.h>\n",
    "arch/hexagon/kernel/syscalltab.c": """\
#ifndef CONFIG_MMU
#define sys_read sys_getpid
#endif
#define sys_sync_file_range sys_sync_file_range2
#include <asm/syscall_table_32.h>
""",
    "arch/csky/kernel/syscall_table.c": """\
#define sys_sync_file_range sys_sync_file_range2
#include <asm/syscall_table_32.h>
""",
    "fs/read_write.c": """\
/* SYSCALL_DEFINE1(commented, int, out) */
SYSCALL_DEFINE3(read, unsigned int, fd, char __user *, buf,
		size_t, count)
{
}
SYSCALL_DEFINE4(pread64, unsigned int, fd, char __user *, buf,
			size_t, count, loff_t, pos)
{
}
COMPAT_SYSCALL_DEFINE3(read, unsigned int, fd, char __user *, buf, compat_size_t, count)
{
}
COMPAT_SYSCALL_DEFINE5(pread64, unsigned int, fd, char __user *, buf,
		       size_t, count, compat_arg_u64_dual(pos))
{
}
SYSCALL_DEFINE2(newstat, const char __user *, filename, struct stat __user *, statbuf)
{
}
SYSCALL_DEFINE4(renameat, int, olddfd, const char __user *, oldname,
		int, newdfd, const char __user *, newname)
{
}
""",
    "fs/fanotify.c": """\
#ifndef CONFIG_ARCH_SPLIT_ARG64
SYSCALL_DEFINE3(fanotify_mark, int, fd, __u64, mask, int, dfd)
{
}
#endif
#if defined(CONFIG_ARCH_SPLIT_ARG64) || defined(CONFIG_COMPAT)
SYSCALL32_DEFINE4(fanotify_mark, int, fd, SC_ARG64(mask), int, dfd)
{
}
#endif
""",
    "fs/sync.c": """\
SYSCALL_DEFINE4(sync_file_range, int, fd, loff_t, offset, loff_t, nbytes,
				unsigned int, flags)
{
}
SYSCALL_DEFINE4(sync_file_range2, int, fd, unsigned int, flags,
				 loff_t, offset, loff_t, nbytes)
{
}
SYSCALL_DEFINE4(fadvise64_64, int, fd, loff_t, offset, loff_t, len, int, advice)
{
}
""",
    "kernel/fork.c": """\
#ifdef __ARCH_WANT_SYS_FORK
SYSCALL_DEFINE0(fork)
{
}
#endif
#ifdef CONFIG_CLONE_BACKWARDS
SYSCALL_DEFINE5(clone, unsigned long, clone_flags, unsigned long, newsp,
		 int __user *, parent_tidptr, unsigned long, tls, int __user *, child_tidptr)
#else
SYSCALL_DEFINE5(clone, unsigned long, clone_flags, unsigned long, newsp,
		 int __user *, parent_tidptr, int __user *, child_tidptr, unsigned long, tls)
#endif
{
}
SYSCALL_DEFINE1(exit, int, error_code)
{
}
SYSCALL_DEFINE0(getpid)
{
}
""",
    "arch/x86/kernel/sys_ia32.c": """\
SYSCALL_DEFINE5(ia32_pread64, unsigned int, fd, char __user *, ubuf,
		u32, count, u32, poslo, u32, poshi)
{
}
""",
    "arch/powerpc/kernel/syscalls.c": """\
PPC32_SYSCALL_DEFINE6(ppc_fadvise64_64, int, fd, int, advice, u32, offset_high,
		      u32, offset_low, u32, len_high, u32, len_low)
{
}
""",
    "arch/mips/kernel/linux32.c": """\
SYSCALL_DEFINE6(32_pread, unsigned long, fd, char __user *, buf, size_t, count,
	unsigned long, unused, unsigned long, a4, unsigned long, a5)
{
}
""",
    "arch/arm64/kernel/sys32.c": """\
COMPAT_SYSCALL_DEFINE6(aarch32_pread64, unsigned int, fd, char __user *, buf,
		       size_t, count, u32, __pad, arg_u32p(pos))
{
}
""",
    "arch/sh/kernel/sys_sh32.c": """\
asmlinkage ssize_t sys_pread_wrapper(unsigned int fd, char __user *buf,
			     size_t count, long dummy, loff_t pos)
{
}
""",
    "arch/parisc/kernel/sys_parisc.c": """\
asmlinkage ssize_t parisc_pread64(unsigned int fd, char __user *buf, size_t count,
					unsigned int high, unsigned int low)
{
}
""",
    "arch/alpha/kernel/osf_sys.c": "SYSCALL_DEFINE0(getxpid)\n{\n}\n",
    "kernel/sys_ni.c": """\
#define COND_SYSCALL(name) cond_syscall(sys_##name)
/* fs */
COND_SYSCALL(io_setup);
COND_SYSCALL_COMPAT(io_setup);
COND_SYSCALL(epoll_wait);
""",
    "Kbuild": "obj-y += fs/ kernel/\n",
    "fs/Makefile": (
        "obj-y := read_write.o\nifdef CONFIG_AIO\nobj-y += aio.o # with a comment\nendif\n"
        "obj-$(CONFIG_EPOLL) += eventpoll.o\n"
    ),
    "fs/aio.c": (
        "#ifdef CONFIG_COMPAT\nCOMPAT_SYSCALL_DEFINE2(io_setup, unsigned, nr_events, u32 __user *, ctx)\n"
        "{\n}\n#endif\n"
        "SYSCALL_DEFINE2(io_setup, unsigned, nr_events, aio_context_t __user *, ctxp)\n{\n}\n"
    ),
    "fs/eventpoll.c": (
        "SYSCALL_DEFINE4(epoll_wait, int, epfd, struct epoll_event __user *, events,\n"
        "\t\tint, maxevents, int, timeout)\n"
        "{\n}\n"
    ),
    "init/Kconfig": (
        "config AIO\n\tbool\n\nconfig ANON\n\tbool\n\nif ANON\n"
        "config EPOLL\n\tbool\n\tselect AIO if ANON\nendif\n"
    ),
    "include/linux/errno.h": (
        "#ifndef _LINUX_ERRNO_H\n#define _LINUX_ERRNO_H\n#include <uapi/linux/errno.h>\n"
        "#define ERESTARTSYS	512\n#endif\n"
    ),
    "include/uapi/asm-generic/errno-base.h": (
        "#ifndef _E\n#define _E\n#define EPERM 1 /* no */\n#define EAGAIN 11\n#endif\n"
    ),
    "include/uapi/asm-generic/errno.h": (
        "#include <asm-generic/errno-base.h>\n#define EDEADLK 35\n#define EWOULDBLOCK EAGAIN\n"
        "#define EDEADLOCK EDEADLK\n"
    ),
    "arch/powerpc/include/uapi/asm/errno.h": (
        "#undef EDEADLOCK\n#include <asm-generic/errno.h>\n#undef EDEADLOCK\n#define EDEADLOCK 58\n"
    ),
    "arch/alpha/include/uapi/asm/errno.h": (
        "#include <asm-generic/errno-base.h>\n#undef EAGAIN\n#define EAGAIN 35\n"
    ),
    "include/uapi/linux/fcntl.h": "#include <asm/fcntl.h>\n#include <stddef.h>\n",
    "include/uapi/asm-generic/fcntl.h": (
        "#ifndef O_DIRECT\n#define O_DIRECT (1 << 14)\n#endif\n#define O_EXCL 0200\n"
        "#if __CHAR_BIT__ * __SIZEOF_LONG__ == 32\n#define F_GETLK64 12\n#else\n#define F_GETLK64 5\n#endif\n"
        "#define SO_RCVTIMEO (sizeof(time_t) == 8 ? 20 : 66)\n"
    ),
    "arch/arm/include/uapi/asm/fcntl.h": "#define O_DIRECT 0200000\n#include <asm-generic/fcntl.h>\n",
    "include/linux/net.h": (
        "enum sock_type {\n\tSOCK_STREAM = 1, /* bytes */\n\tSOCK_DGRAM,\n};\n#define SOCK_NONBLOCK O_EXCL\n"
    ),
    "arch/mips/include/asm/socket.h": "enum sock_type {\n\tSOCK_DGRAM = 1,\n\tSOCK_STREAM = 2,\n};\n",
    "arch/alpha/include/asm/socket.h": "#define SOCK_NONBLOCK 0x40000000\n",
    "include/linux/socket.h": "#define MSG_OOB 1\n",
    "include/linux/fs.h": "",
    "include/linux/fs_dirent.h": "",
    "include/linux/key.h": "",
    "include/linux/splice.h": "",
    "include/linux/statfs.h": "",
    "include/linux/syslog.h": "",
    "include/linux/swap.h": "",
    "arch/arm/Kconfig": "config ARM\n\tbool\n\tselect CLONE_BACKWARDS\n",
    "arch/x86/Kconfig": (
        "config X86_32\n\tdef_bool y\n\tdepends on !64BIT\n\tselect CLONE_BACKWARDS\n"
        "\tselect ARCH_SPLIT_ARG64\n\nconfig X86\n\tdef_bool y\n"
    ),
    "arch/parisc/Kconfig": "config PARISC\n\tdef_bool y\n\tselect ARCH_SPLIT_ARG64 if !64BIT\n",
}


def files() -> dict[str, str]:
    """All files of the tree by path."""
    found = dict(FILES)
    for path, column in PLAIN_TABLES.items():
        found.setdefault(path, f"3\t{column}\tread\tsys_read\n")
    for architecture in GENERIC + OWN:
        found.setdefault(f"arch/{architecture}/Kconfig", f"config {architecture.upper()}\n\tdef_bool y\n")
    for architecture in GENERIC:
        found.setdefault(f"arch/{architecture}/kernel/Makefile.syscalls", "# nothing of its own\n")
    for architecture in "mips", "parisc", "sparc":
        found.setdefault(f"arch/{architecture}/include/uapi/asm/errno.h", "#include <asm-generic/errno.h>\n")
    return found


def write(folder: Path, changes: dict[str, str | None] | None = None) -> Path:
    """Write the tree below a folder, with files changed, added, or left out (None)."""
    for path, text in (files() | (changes or {})).items():
        if text is not None:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text, "utf-8")
    link = folder / "arch/arm64/tools/syscall_64.tbl"
    if not link.exists():
        link.symlink_to("../../../scripts/syscall.tbl")
    return folder
