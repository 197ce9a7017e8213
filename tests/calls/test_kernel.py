"""Numbers and definitions of calls agree with what the running kernel shows of its own in tracefs."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import every_call
import isolated
import leftovers
import pytest
import safe_calls

from pysys import abi, errors, numbers, parameters
from pysys._native import ffi, lib
from pysys.calls import direct

CLONE_NEWNS = 0x20000
MS_REC_PRIVATE = 0x44000

# What numbers are in the kernel's formats and in the tables, by their bits: 0 is a long's.
BITS = {
    "umode_t": 16,
    "old_uid_t": 16,
    "old_gid_t": 16,
    "loff_t": 64,
    "u64": 64,
    "__u64": 64,
    **dict.fromkeys(
        "long|unsigned long|size_t|off_t|aio_context_t|uintptr_t|__sighandler_t|old_sigset_t".split("|"), 0
    ),
}
FIRST_NAMESPACE = 0xEFFFFFFC  # of process ids: the kernel's PROC_PID_INIT_INO
# The running kernel may know fewer parameters, the last ones, of these.
GROWN = frozenset({"bpf"})


def mounted() -> Path:
    """The folder of tracefs, from a mount of our own where there is none."""
    for root in ("/sys/kernel/tracing", "/sys/kernel/debug/tracing"):
        folder = Path(root)
        if os.access(folder / "events", os.R_OK | os.X_OK):
            return folder
    if os.geteuid() != 0:
        pytest.skip("tracefs is not readable, and only root may mount it")
    place = tempfile.mkdtemp(dir=os.environ.get(leftovers.SCRATCH))
    try:
        direct.unshare(CLONE_NEWNS)
        direct.mount(None, "/", None, MS_REC_PRIVATE, None)
        direct.mount("tracefs", place, "tracefs", 0, None)
    except errors.SyscallError as error:
        os.rmdir(place)
        pytest.skip(f"tracefs cannot be mounted: {error.strerror}")
    return Path(place)


def formats(folder: Path) -> dict[str, list[tuple[str, str]]]:
    """Types and names of the parameters of every entry point."""
    found = {}
    first = 16 if abi.current().bits == 64 else 12  # after what every event has, and the number
    for path in folder.glob("sys_enter_*/format"):
        fields = re.findall(r"field:(.*?)\s*(\w+);\s*offset:(\d+);\s*size:\d+;", path.read_text())
        found[path.parent.name.removeprefix("sys_enter_")] = [
            (kind, name)
            for kind, name, offset in fields
            if int(offset) >= first and not re.fullmatch(r"__\w+_val(__)?", name)
        ]
    return found


def bits(kind: str) -> int:
    kind = kind.replace("__user ", "").removeprefix("const ")
    return 0 if "*" in kind else BITS.get(kind, 32)


def widths(fields: list[tuple[str, int]]) -> list[int]:
    """How wide the parameters of a 32-bit ABI are; two that are halves of one count as that."""
    found: list[int] = []
    for name, size in fields:
        if re.search("(hi|high)$", name):
            found[-1] = 64
        else:
            found.append(size or 32)
    return found


@pytest.mark.isolated(timeout=30)
def test_formats() -> None:
    """Names, count and widths of parameters are those that the kernel has."""
    which = abi.current()
    folder = mounted() / "events/syscalls"
    shown = formats(folder) if folder.is_dir() else {}
    if not shown:
        pytest.skip("this kernel has no events for calls")
    compared, wrong = 0, []
    for name in sorted(numbers.table()):
        known = parameters.defined(name, which)
        found = shown.get(numbers.entry(name).removeprefix("sys_"))
        if known is None or found is None:
            continue
        compared += 1
        tabled = [(one.name, bits(one.type)) for one in known]
        kernel = [(one, bits(kind)) for kind, one in found]
        if name in GROWN:
            tabled = tabled[: len(kernel)]
        if name == "clone" and which.bits == 32:  # its last two change places from ABI to ABI
            tabled, kernel = sorted(tabled), sorted(kernel)
        # Where a 32-bit kernel takes halves, x86 most of all, its parameters may have other names.
        if any(re.search("(hi|high)$", one) for one, _ in kernel):
            if widths(tabled) != widths(kernel):
                wrong.append(f"{name}: {tabled}, not as wide as {kernel}")
        elif tabled != kernel:
            wrong.append(f"{name}: {tabled}, not {kernel}")
        wrong += [f"{name}: {one}" for one in too_wide_or_narrow(name, dict(kernel))]
    assert compared > 100
    assert not wrong, "\n".join(wrong)


def too_wide_or_narrow(name: str, kernel: dict[str, int]) -> Iterator[str]:
    """The numbers that the C function of a call takes in another width than the kernel."""
    known = parameters.parameters(name, abi.current()) or ()
    function = getattr(lib, f"call_{name}", None)
    if function is None:  # one that is refused
        return
    for one, kind in zip(known, ffi.typeof(function).args, strict=True):
        if one.kind == "int" and one.name in kernel:
            width = kernel[one.name] or abi.current().bits
            if 8 * ffi.sizeof(kind) != width:
                yield f"{one.name} is {kind.cname}, not of {width} bits"


# How the name of an entry point may begin, for "sys_"; and what a line of a trace says.
PREFIX = r"(?:__(?:[a-z0-9]+_)??)?(?:compat_)?sys(?:_?32)?_"
TOLD = rf"\s*(.+-\d+) .*: (?:sys_enter: NR (-?\d+) |({PREFIX}\w+)(?:\(| <-))"
# What a 64-bit kernel calls the entry points of 32-bit processes, where a 32-bit kernel has another name.
COMPAT = {
    "sys_fcntl": {"sys_fcntl", "sys_fcntl64"},  # x86 has one for both
    "sys_fstat64": {"sys_fstat64", "sys_newfstat"},  # and mips those of its 64-bit ABIs
    "sys_fstatat64": {"sys_fstatat64", "sys_newfstatat"},
    "sys_io_pgetevents": {"sys_io_pgetevents_time64"},
    "sys_io_pgetevents_time32": {"sys_io_pgetevents"},
    "sys_lstat64": {"sys_lstat64", "sys_newlstat"},
    "sys_old_mmap": {"sys_mmap"},
    "sys_ppoll": {"sys_ppoll_time64"},
    "sys_pread64": {"sys_pread64", "sys_pread"},
    "sys_pselect6": {"sys_pselect6_time64"},
    "sys_pwrite64": {"sys_pwrite64", "sys_pwrite"},
    "sys_recvmmsg": {"sys_recvmmsg_time64"},
    "sys_rt_sigtimedwait": {"sys_rt_sigtimedwait_time64"},
    "sys_stat64": {"sys_stat64", "sys_newstat"},
}


def compat() -> bool:
    """Whether this is a 32-bit process of a 64-bit kernel."""
    return abi.current().bits == 32 and "64" in os.uname().machine


def general(entry: str) -> str:
    """The entry point, without what an architecture's table does not show or the preprocessor takes away.

    The source's headers do it: arm64 has its own function for personality, arm has mmap_pgoff for mmap2.
    """
    entry = re.sub(f"^{PREFIX}", "sys_", entry)
    entry = re.sub("^sys_(aarch32|arm|arm64|ia32|mips|ppc|riscv|s390|x86)_", "sys_", entry)
    return entry.removesuffix("_wrapper").replace("sys_mmap2", "sys_mmap_pgoff")


def entries(name: str) -> set[str]:
    """What the kernel may call this entry point."""
    known = general(name)
    return COMPAT.get(known, {known}) if compat() else {known}


@contextmanager
def traced(folder: Path) -> Iterator[Path]:
    """A trace that shows this process's calls and its children's, each by its number and then by its name.

    The name is an event's. Those of 32-bit processes have none (arch_trace_is_compat_syscall), and on mips
    few have, as the kernel keeps one number for a function that is all ABIs' (both kernel/trace/
    trace_syscalls.c): there it is the function's, for which the kernel changes its own code for a while.
    """
    if not (folder / "events/syscalls").is_dir():
        pytest.skip("this kernel has no events for calls")
    if os.stat("/proc/self/ns/pid").st_ino != FIRST_NAMESPACE:
        pytest.skip("a trace goes by process ids that are not those of this pid namespace")
    one = folder / "instances" / leftovers.name()
    one.mkdir()
    try:
        (one / "buffer_size_kb").write_text("8192")
        (one / "set_event_pid").write_text(str(os.getpid()))
        (one / "options/event-fork").write_text("1")
        (one / "events/raw_syscalls/sys_enter/enable").write_text("1")
        if compat() or abi.current().name == "mips_n64":
            try:
                (one / "set_ftrace_filter").write_text("*sys*_*")
                (one / "set_ftrace_pid").write_text(str(os.getpid()))
                (one / "options/function-fork").write_text("1")
                (one / "current_tracer").write_text("function")
            except PermissionError as error:  # locked down, or no function tracer: tracefs makes no file
                why = "only a trace of functions names this ABI's calls, and is refused"
                pytest.skip(f"{why}: {error.strerror}")
        else:
            (one / "events/syscalls/enable").write_text("1")
        yield one / "trace"
    finally:
        (one / "current_tracer").write_text("nop")
        (one / "events/enable").write_text("0")
        one.rmdir()


@pytest.mark.isolated(timeout=120)
def test_numbers() -> None:
    """Each call that is made by its number has the entry point, in the kernel's own words, of that number."""
    isolated.need_root()
    known = {number: numbers.entry(name) for name, number in numbers.table().items()}
    todo = {name: safe_calls.safe(name) for name in every_call.names()}
    with traced(mounted()) as trace:
        for name, (args, _) in todo.items():
            every_call.made(name, args)
        (trace.parent / "tracing_on").write_text("0")  # the reading would be recorded, too
        told: dict[int, set[str]] = {}
        last: dict[str, int] = {}
        for line in trace.read_text().splitlines():
            if found := re.match(TOLD, line):
                task, number, entry = found.groups()
                if number:
                    last[task] = int(number)
                elif task in last:  # the first after the number: others that it calls may follow
                    told.setdefault(last.pop(task), set()).add(entry)
    wrong = [
        f"{number}: {known.get(number)}, the kernel says {' and '.join(said)}"
        for number, said in sorted(told.items())
        if not set(map(general, said)) <= {*entries(known.get(number, "")), "sys_ni_syscall"}
    ]
    assert len(told) > 100
    assert not wrong, "\n".join(wrong)
