"""Why there is no memory: what a process may map, what the machine has promised, what a cgroup allows."""

from __future__ import annotations

import os

from pysys import flags
from pysys.diagnosis import cgroup
from pysys.diagnosis.facts import Fact, read, status, sysctl, unknown
from pysys.diagnosis.failures import arguments
from pysys.diagnosis.failures.finding import Finding, Verdict, judged
from pysys.diagnosis.limits import limit
from pysys.loading import counted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

_MAPS = frozenset(["mmap", "mmap2", "mremap", "brk", "mprotect", "munmap", "madvise", "shmat"])
_SPLITS = frozenset(["mprotect", "munmap", "madvise"])  # which make two mappings of one, and nothing larger
_NEARLY = 0.98  # of a cgroup's memory: then the next page may be refused
_KIB = 1024


def findings(call: str, symbol: str, args: dict[str, Any]) -> Iterator[Finding]:
    """What can be found out about ENOMEM, which is mostly that of a mapping."""
    if symbol != "ENOMEM":
        return
    if call in _MAPS:
        grows = _growth(call, args)
        yield from _address_space(grows, args)
        yield from _data(call, grows, args)
        yield from _count(call)
        yield from _huge(args)
        if grows:
            yield from _promised(call, grows, args)
    yield from _cgroups()


def _growth(call: str, args: dict[str, Any]) -> int:
    """How many bytes the call wanted more, 0 if it is not known."""
    if call == "mremap":
        return max(0, (arguments.integer(args, "new_len") or 0) - (arguments.integer(args, "old_len") or 0))
    return arguments.integer(args, "len") or 0 if call in ("mmap", "mmap2") else 0


def kibibytes(field: str) -> Fact:
    """A field of this process's status in bytes: "VmSize"."""
    found = status(field)
    return Fact(int(found.value.split()[0]) * _KIB, found.source) if found else found


def _limited(name: str, used: Fact, grows: int, sure: bool, what: str) -> Iterator[Finding]:
    found = limit(name)
    if not found or found.value.soft == -1:
        if found:
            yield Finding(Verdict.EXCLUDED, f"{found.source} is not limited.", found.source)
        return
    if not used:
        yield Finding(Verdict.UNKNOWN, f"How much of {found.source} is used is not known.", used.unknown)
        return
    most = found.value.soft
    text = f"This process has {_amount(used.value)} of {what}, and {found.source} allows {_amount(most)}"
    text += f": {_amount(grows)} more are too much." if grows else "."
    source = f"{used.source}: {used.value}; {found.source} is {found.value}"
    if used.value + grows <= most and grows:
        yield Finding(Verdict.EXCLUDED, f"{found.source} allows it.", source)
    else:
        verdict = Verdict.PROVEN if grows and sure else Verdict.FITS if grows else Verdict.UNKNOWN
        yield Finding(verdict, text, source, f"raise it: resource.setrlimit, ulimit -{_ULIMIT[name]}")


_ULIMIT = {"as": "v", "data": "d", "memlock": "l"}


def _address_space(grows: int, args: dict[str, Any]) -> Iterator[Finding]:
    fixed = (arguments.integer(args, "flags") or 0) & flags.MAP_FIXED  # may replace what is there
    yield from _limited("as", kibibytes("VmSize"), grows, not fixed, "address space")


def _data(call: str, grows: int, args: dict[str, Any]) -> Iterator[Finding]:
    protection, how = arguments.integer(args, "prot"), arguments.integer(args, "flags") or 0
    if call in ("mmap", "mmap2") and not (
        (protection or 0) & flags.PROT_WRITE and how & MAP_TYPE == flags.MAP_PRIVATE
    ):
        return  # only writable private memory counts
    found = limit("data")
    ignored = read("/sys/module/kernel/parameters/ignore_rlimit_data").value == "Y"
    if ignored or (found and found.value.soft == 0):  # then the hard limit counts, too
        return
    fixed = how & flags.MAP_FIXED
    yield from _limited("data", kibibytes("VmData"), grows, not fixed and call != "mremap", "private data")


MAP_TYPE = 0x0F  # of mmap's flags


def _count(call: str) -> Iterator[Finding]:
    """How many mappings there are. They are counted without making a list: that would take memory."""
    most = sysctl("vm.max_map_count")
    found = _mappings()
    if not most or not found:
        return
    count, allowed = found.value, int(most.value)
    source = f"{found.source}: {count} lines; vm.max_map_count is {allowed}"
    if count > allowed or (call in _SPLITS and count >= allowed):
        text = f"This process has as many mappings as it may: {count}."
        yield Finding(Verdict.PROVEN, text, source, "sysctl vm.max_map_count")
    elif call == "mremap" and count + 4 > allowed:
        text = f"This process has almost as many mappings as it may: {count}."
        yield Finding(Verdict.FITS, text, source, "sysctl vm.max_map_count")
    else:
        yield Finding(Verdict.EXCLUDED, f"This process may have more mappings than {count}.", source)


def _mappings() -> Fact:
    path = "/proc/self/maps"
    count = 0
    try:
        fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            while part := os.read(fd, 1 << 14):
                count += part.count(b"\n") - part.count(b"[vsyscall]")  # which is not one
        finally:
            os.close(fd)
    except OSError as error:
        return unknown(path, error)
    return Fact(count, path)


def meminfo() -> dict[str, int]:
    """The numbers of /proc/meminfo as they are: kilobytes, or pages."""
    text = read("/proc/meminfo")
    fields = (line.partition(":") for line in text.value.splitlines()) if text else ()
    return {name: int(value.split()[0]) for name, _, value in fields}


def _huge(args: dict[str, Any]) -> Iterator[Finding]:
    how, found = arguments.integer(args, "flags") or 0, meminfo()
    if "len" not in args or not how & flags.MAP_HUGETLB or not found or how >> 26:  # 26: another size
        return
    free = found.get("HugePages_Free", 0) - found.get("HugePages_Rsvd", 0)
    size = found.get("Hugepagesize", 0) * _KIB
    more = sysctl("vm.nr_overcommit_hugepages")
    wanted = arguments.integer(args, "len") or 0
    source = f"/proc/meminfo: {counted(free, 'page')} of {_amount(size)} free"
    source += f"; vm.nr_overcommit_hugepages is {more}"
    lacking = size > 0 and wanted > free * size
    yield judged(
        lacking if more.value == "0" or not lacking else None,
        f"There are not as many free huge pages: {_amount(wanted)} wanted.",
        "There are enough free huge pages.",
        source,
        "sysctl vm.nr_hugepages",
    )


def _promised(call: str, grows: int, args: dict[str, Any]) -> Iterator[Finding]:
    how = arguments.integer(args, "flags") or 0
    protection = arguments.integer(args, "prot")
    if call != "mremap":
        private = how & MAP_TYPE == flags.MAP_PRIVATE
        if private and not (protection or 0) & flags.PROT_WRITE:
            return  # what is only read is not counted
        if not private and not how & flags.MAP_ANONYMOUS:
            return
    mode, found = sysctl("vm.overcommit_memory"), meminfo()
    if not mode or not found:
        return
    if mode.value == "0":
        if call != "mremap" and how & flags.MAP_NORESERVE:
            return
        most = (found.get("MemTotal", 0) + found.get("SwapTotal", 0)) * _KIB
        yield judged(
            grows > most if call != "mremap" or grows <= most else None,
            f"{_amount(grows)} at once are more than this machine's memory and swap together.",
            "It is not more than this machine's memory and swap together.",
            f"vm.overcommit_memory is 0; /proc/meminfo: MemTotal and SwapTotal are {_amount(most)}",
            "sysctl vm.overcommit_memory=1, or MAP_NORESERVE",
        )
    elif mode.value == "2":
        used, most = found.get("Committed_AS", 0) * _KIB, found.get("CommitLimit", 0) * _KIB
        text = (
            f"The kernel has promised {_amount(used)} of {_amount(most)}: {_amount(grows)} more are too much."
        )
        source = "vm.overcommit_memory is 2; /proc/meminfo: Committed_AS and CommitLimit"
        if used + grows > most:
            yield Finding(
                Verdict.PROVEN, text, source, "sysctl vm.overcommit_ratio, or vm.overcommit_memory=0"
            )
        else:  # a part is kept for root, and one for users
            near = used + grows > most * 0.9
            text = text if near else f"The kernel has promised {_amount(used)} of {_amount(most)}."
            yield Finding(Verdict.FITS if near else Verdict.EXCLUDED, text, source)


def _cgroups() -> Iterator[Finding]:
    """A cgroup that is full. A mapping as such takes none of its memory, but what the kernel notes of it."""
    found = cgroup.limits("memory")
    for one in found.value if found else ():
        if one.limit.isdecimal() and one.used.isdecimal() and int(one.used) >= _NEARLY * int(one.limit):
            used, most = _amount(int(one.used)), _amount(int(one.limit))
            text = f"The cgroup {one.path} has used its memory: {used} of {most}."
            yield Finding(Verdict.FITS, text, found.source, "memory.events; raise memory.max")


def _amount(count: int) -> str:
    for unit, size in (("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)):
        if count >= size:
            return f"{count / size:.1f} {unit}".replace(".0 ", " ")
    return counted(count, "byte")
