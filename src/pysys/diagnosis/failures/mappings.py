"""Why a file cannot be mapped, written or sealed: how it was opened, its seals, the mount, the arguments."""

from __future__ import annotations

import os
from fcntl import F_GET_SEALS, F_GETFL, fcntl

from pysys import flags
from pysys.diagnosis.facts import sysctl
from pysys.diagnosis.failures import arguments
from pysys.diagnosis.failures.finding import Finding, Verdict, judged
from pysys.diagnosis.failures.memory import MAP_TYPE
from pysys.diagnosis.failures.rights import right

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

_WRITES = frozenset("write pwrite64 writev pwritev pwritev2 sendfile splice copy_file_range".split())
_PRIVATE = 2
_GROWS = frozenset(["ftruncate", "fallocate"])
_NOEXEC_SEAL = 8


def findings(call: str, symbol: str, args: dict[str, Any]) -> Iterator[Finding]:
    """What can be found out about mmap of a file, memfd_create, and files with seals."""
    if call in ("mmap", "mmap2"):
        yield from _mmap(symbol, args)
    elif call == "memfd_create" and symbol == "EACCES":
        yield from _executable(arguments.integer(args, "flags") or 0)
    elif symbol == "EPERM" and (call in _WRITES or call in _GROWS):
        fd = arguments.descriptor(arguments.first(args, "fd", "out_fd", "fd_out"))
        if fd is not None:
            yield from _sealed(call, fd, args)


def _mmap(symbol: str, args: dict[str, Any]) -> Iterator[Finding]:
    how, protection = arguments.integer(args, "flags") or 0, arguments.integer(args, "prot") or 0
    fd = arguments.descriptor(args.get("fd"))
    if symbol == "EINVAL":
        yield from _arguments(how, args)
    if symbol == "EPERM":
        yield from _low(how, arguments.integer(args, "addr"))
    if fd is None or how & flags.MAP_ANONYMOUS:
        return
    shared = how & MAP_TYPE != _PRIVATE
    if symbol == "EACCES":
        yield from _opened(fd, bool(shared and protection & flags.PROT_WRITE))
    elif symbol == "EPERM":
        if protection & flags.PROT_EXEC:
            yield from _noexec(fd)
        if shared and protection & flags.PROT_WRITE and (bits := seals(fd)) is not None:
            closed = bits & (flags.F_SEAL_WRITE | flags.F_SEAL_FUTURE_WRITE)
            text = f"The file of descriptor {fd} is sealed against writing."
            yield judged(bool(closed), text, "It is not sealed against writing.", _read(fd, bits))


def _arguments(how: int, args: dict[str, Any]) -> Iterator[Finding]:
    if arguments.integer(args, "len") == 0:
        yield Finding(
            Verdict.PROVEN, "A mapping of 0 bytes cannot be made.", "the argument", "an empty file?"
        )
    if "flags" in args and how & MAP_TYPE not in (1, _PRIVATE, 3):
        text = "The flags have neither MAP_SHARED nor MAP_PRIVATE."
        yield Finding(Verdict.PROVEN, text, "the argument")
    at, page = arguments.integer(args, "off"), os.sysconf("SC_PAGESIZE")
    if at is not None and at % page:
        text = f"The offset {at} is not a multiple of {page}."
        yield Finding(Verdict.PROVEN, text, "the argument")


def _low(how: int, address: int | None) -> Iterator[Finding]:
    least = sysctl("vm.mmap_min_addr")
    if not how & flags.MAP_FIXED or address is None or not least:
        return
    may = right(flags.CAP_SYS_RAWIO)
    lacks = None if may.held is None else not may.held
    yield judged(
        address < int(least.value) and lacks,
        f"The address {address:#x} is below vm.mmap_min_addr: to map there takes CAP_SYS_RAWIO.",
        "The address is not below vm.mmap_min_addr, or CAP_SYS_RAWIO is there.",
        f"vm.mmap_min_addr is {least}; {may.read}",
    )


def _opened(fd: int, written: bool) -> Iterator[Finding]:
    try:
        mode = fcntl(fd, F_GETFL) & os.O_ACCMODE
    except (OSError, ValueError):  # ValueError: below 0
        return
    shown = {os.O_RDONLY: "O_RDONLY", os.O_WRONLY: "O_WRONLY"}.get(mode, "O_RDWR")
    source = f"fcntl({fd}, F_GETFL): {shown}"
    if mode == os.O_WRONLY:
        text = f"Descriptor {fd} is open for writing alone; a mapping also reads."
        yield Finding(Verdict.PROVEN, text, source, "O_RDWR")
    elif written:
        text = f"Descriptor {fd} is open for reading alone, and the shared mapping is to be written."
        otherwise = f"Descriptor {fd} is open for writing."
        yield judged(mode == os.O_RDONLY, text, otherwise, source, "O_RDWR, or MAP_PRIVATE")
    else:
        yield Finding(Verdict.EXCLUDED, f"Descriptor {fd} is open for reading.", source)


def _noexec(fd: int) -> Iterator[Finding]:
    try:
        options = os.fstatvfs(fd).f_flag
    except OSError:
        return
    yield judged(
        bool(options & os.ST_NOEXEC),
        f"The mount of descriptor {fd} has the option noexec.",
        f"The mount of descriptor {fd} does not have the option noexec.",
        f"fstatvfs({fd}): ST_NOEXEC",
        "libraries and programs on another mount",
    )


def _executable(how: int) -> Iterator[Finding]:
    found = sysctl("vm.memfd_noexec")
    if not found:
        return
    yield judged(
        found.value == "2" and not how & _NOEXEC_SEAL,
        "vm.memfd_noexec is 2 in this pid namespace: a memfd must have MFD_NOEXEC_SEAL.",
        "vm.memfd_noexec allows it.",
        f"vm.memfd_noexec is {found}",
        "MFD_NOEXEC_SEAL, or the sysctl",
    )


def seals(fd: int) -> int | None:
    """The seals of a file; None if it cannot have any."""
    try:
        return fcntl(fd, F_GET_SEALS)
    except (OSError, ValueError):  # ValueError: below 0
        return None


def _read(fd: int, bits: int) -> str:
    names = [one.name or "" for one in flags.SealFlags if bits & one]
    return f"fcntl({fd}, F_GET_SEALS): {' | '.join(names) or 0}"


def _sealed(call: str, fd: int, args: dict[str, Any]) -> Iterator[Finding]:
    """EPERM of a call that would change a file."""
    bits = seals(fd)
    if bits is None:
        return
    try:
        size, at = os.fstat(fd).st_size, os.lseek(fd, 0, os.SEEK_CUR)
    except OSError:
        return
    against, text = 0, "writing"
    if call in _WRITES:
        against = bits & (flags.F_SEAL_WRITE | flags.F_SEAL_FUTURE_WRITE)
        count = arguments.integer(args, "count") or _size(args.get("buf"))
        begin = arguments.integer(args, "pos") or at
        if not against and begin + count > size:
            against, text = bits & flags.F_SEAL_GROW, "growing"
    elif call == "ftruncate" and (wanted := arguments.integer(args, "length")) is not None:
        seal = flags.F_SEAL_GROW if wanted > size else flags.F_SEAL_SHRINK if wanted < size else 0
        against, text = bits & seal, "growing" if wanted > size else "shrinking"
    elif call == "fallocate":
        punches = (arguments.integer(args, "mode") or 0) & 2  # FALLOC_FL_PUNCH_HOLE
        end = (arguments.integer(args, "offset") or 0) + (arguments.integer(args, "len") or 0)
        if punches:
            against = bits & (flags.F_SEAL_WRITE | flags.F_SEAL_FUTURE_WRITE)
        elif end > size:
            against, text = bits & flags.F_SEAL_GROW, "growing"
    yield judged(
        bool(against),
        f"The file of descriptor {fd} is sealed against {text}.",
        f"No seal of descriptor {fd} forbids it.",
        _read(fd, bits),
        "seals are never taken away: another memfd",
    )


def _size(buffer: object) -> int:
    try:
        return len(buffer)  # type: ignore[arg-type]  # which is what the exception is for
    except TypeError:
        return 0
