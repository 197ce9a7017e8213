"""Why a file cannot become as large: RLIMIT_FSIZE, or a file system that is full."""

from __future__ import annotations

import os
from fcntl import F_GETFL, fcntl

from pysys.diagnosis.failures import arguments
from pysys.diagnosis.failures.finding import Finding, Verdict, judged
from pysys.diagnosis.limits import limit
from pysys.loading import counted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any


def findings(call: str, symbol: str, args: dict[str, Any]) -> Iterator[Finding]:
    """What can be found out about EFBIG, and about ENOSPC of a descriptor."""
    if symbol == "ENOSPC" and call in _WRITES:
        yield from _full(arguments.descriptor(arguments.first(args, "fd", "out_fd", "fd_out")))
    if symbol != "EFBIG":
        return
    found = limit("fsize")
    if not found:
        return
    if found.value.soft == -1:
        text = "RLIMIT_FSIZE is not limited: the file system, or the open without O_LARGEFILE, is."
        yield Finding(Verdict.EXCLUDED, text, found.source)
        return
    end = _end(call, args)
    source = f"RLIMIT_FSIZE is {found.value}"
    if end is None:
        text = f"A file may have at most {counted(found.value.soft, 'byte')} here: RLIMIT_FSIZE."
        yield Finding(Verdict.FITS, text, source, _ADVICE)
        return
    yield judged(
        end > found.value.soft,
        f"The file would have at least {counted(end, 'byte')}, and RLIMIT_FSIZE allows {found.value.soft}.",
        f"RLIMIT_FSIZE allows a file of {counted(end, 'byte')}.",
        source,
        _ADVICE,
    )


_WRITES = frozenset(
    "write pwrite64 writev pwritev pwritev2 fallocate sendfile splice copy_file_range fsync fdatasync".split()
)


def _full(fd: int | None) -> Iterator[Finding]:
    """ENOSPC of a write: whether the file system of the descriptor has space."""
    try:
        found = None if fd is None or fd < 0 else os.fstatvfs(fd)
    except OSError:
        return
    if found is None or not found.f_blocks:  # a file system that does not count, or another kind of file
        return
    free = found.f_bfree if os.geteuid() == 0 else found.f_bavail
    yield judged(
        not free,
        f"The file system of descriptor {fd} is full.",
        f"The file system of descriptor {fd} is not full now.",
        f"fstatvfs({fd}): {free} of {found.f_blocks} blocks of {counted(found.f_frsize, 'byte')} are free",
        "df; lsof +L1 for files that are deleted, but open",
    )


_ADVICE = "raise it: resource.setrlimit, ulimit -f; SIGXFSZ comes with it"


def _end(call: str, args: dict[str, Any]) -> int | None:
    """The size that the file would have had; None if it is not known."""
    if call in ("truncate", "truncate64", "ftruncate", "ftruncate64"):
        return arguments.integer(args, "length")
    if call == "fallocate":
        return (arguments.integer(args, "offset") or 0) + (arguments.integer(args, "len") or 0)
    fd = arguments.descriptor(args.get("fd"))
    if call not in ("write", "writev", "pwrite64") or fd is None:
        return None
    begin: int | None
    try:
        if fcntl(fd, F_GETFL) & os.O_APPEND:
            begin = os.fstat(fd).st_size
        elif call == "pwrite64":
            begin = arguments.integer(args, "pos")
        else:
            begin = os.lseek(fd, 0, os.SEEK_CUR)
    except (OSError, ValueError):  # ValueError: below 0
        return None
    return None if begin is None else begin + 1  # what fits is written, without an error
