"""Failures that programs expect, and that are not why they give up: data alone.

A row is an errno and the calls that give it in the ordinary course of things, "*" for all.
"""

from __future__ import annotations

from re import search

_USUAL = """
EAGAIN:      read readv pread64 preadv preadv2 recv recvfrom recvmsg recvmmsg recvmmsg_time64
EAGAIN:      write writev send sendto sendmsg sendmmsg accept accept4 connect splice tee sendfile sendfile64
EAGAIN:      futex futex_time64 rt_sigtimedwait rt_sigtimedwait_time64 mq_timedsend mq_timedreceive
EINPROGRESS: connect
EINTR:       *
ETIMEDOUT:   futex futex_time64 futex_wait futex_waitv
ENOTTY:      ioctl
ESPIPE:      lseek _llseek fadvise64 fadvise64_64 pread64
EINVAL:      readlink readlinkat prctl arch_prctl sched_getaffinity rseq
ECHILD:      wait4 waitid waitpid
ESRCH:       kill
EBADF:       close fcntl fcntl64 fstat newfstatat
ENODATA:     getxattr lgetxattr fgetxattr
EOPNOTSUPP:  getxattr lgetxattr fgetxattr listxattr llistxattr flistxattr
ENOTCONN:    getpeername shutdown
EEXIST:      mkdir mkdirat
ENOENT:      unlink unlinkat rmdir
"""

# What the C library and Python look for whether it is there or not.
_OF_PYTHON = (
    r"/(pyvenv\.cfg|python3\d+\.zip|pybuilddir\.txt|Setup\.local|[^/]*\._pth|\.local/lib/python[^/]*/.*)$"
)
_OPTIONAL = (
    "/etc/ld.so.preload",
    "/etc/ld.so.nohwcap",
    "/var/run/nscd/socket",
    "/run/nscd/socket",
    "/usr/lib/locale/",
    "/usr/share/locale/",
    "/usr/share/locale-langpack/",
    "/etc/localtime",
    "/proc/sys/kernel/yama/",
    "/run/systemd/",
    "/etc/selinux/",
    "/sys/fs/selinux",
    "/selinux",
)


def _row(line: str) -> tuple[str, frozenset[str]]:
    errno, _, calls = line.partition(":")
    return errno, frozenset(calls.split())


_CALLS: dict[str, frozenset[str]] = {}
for _errno, _names in map(_row, _USUAL.strip().splitlines()):
    _CALLS[_errno] = _CALLS.get(_errno, frozenset()) | _names

# Errnos of a path that a program tries before another one.
SEARCHING = frozenset({"ENOENT", "ENOTDIR", "EACCES", "ELOOP"})
# Calls that do not search: where they fail, something was to be changed.
CHANGING = frozenset(
    """
    mkdir mkdirat mknod mknodat symlink symlinkat link linkat rename renameat renameat2 chmod fchmodat
    fchmodat2 chown lchown fchownat truncate truncate64 mount umount2 move_mount pivot_root swapon chroot
    acct creat
    """.split()
)


def is_usual(call: str, errno: str) -> bool:
    """Whether such a call gives such an errno in the ordinary course of things."""
    found = _CALLS.get(errno, frozenset())
    return call in found or "*" in found


def is_optional(path: str) -> bool:
    """Whether nothing is missing where this file is."""
    return path.startswith(_OPTIONAL) or bool(search(_OF_PYTHON, path))
