"""Replacements as data: what a call becomes on an ABI, and what resolve and classify say of it."""

from __future__ import annotations

import re

import pytest
from paths import PROJECT

from pysys import abi, numbers, parameters
from pysys.policy import replacements, restart
from pysys.policy.fate import fate
from pysys.policy.replacements import Fallback, Replacement
from pysys.policy.resolution import classify, resolve

pytestmark = pytest.mark.portable

NAMES = sorted({name for one in abi.ABIS for name in numbers.table(one)})

# Legacy calls that must be there on every ABI of processes, as promised.
LEGACY = """
    open creat stat lstat fstat newfstatat stat64 lstat64 fstat64 fstatat64 access chmod chown lchown link
    unlink mkdir rmdir rename renameat readlink symlink mknod pipe dup2 poll select _newselect epoll_create
    epoll_wait inotify_init eventfd signalfd getdents utime utimes futimesat getpgrp pause alarm time stime
    fork vfork send recv accept umount waitpid wait4 semop getrlimit ugetrlimit setrlimit lseek _llseek llseek
    mmap mmap2 fcntl fcntl64 truncate truncate64 ftruncate ftruncate64 sendfile sendfile64 statfs statfs64
    fstatfs fstatfs64 fadvise64 fadvise64_64 sync_file_range sync_file_range2 nice gettimeofday settimeofday
    adjtimex nanosleep io_getevents sgetmask ssetmask getuid getuid32 chown32 lchown32 setgroups32
    clock_gettime clock_gettime64 ppoll ppoll_time64 futex futex_time64 timer_settime semtimedop
""".split()

# The SPU's table is not for processes: what it lacks, and needs, are other calls.
PROCESSES = [one for one in abi.ABIS if one != "ppc_spu"]


def found() -> list[Replacement]:
    return [one for where in abi.ABIS for name in NAMES if (one := replacements.find(name, where))]


def older() -> list[tuple[str, Fallback]]:
    return [
        (where, one) for where in abi.ABIS for name in NAMES for one in replacements.fallbacks(name, where)
    ]


def python_names(call: str, where: str | None = None) -> list[str]:
    known = parameters.parameters(call, where)
    assert known is not None, call
    return [one.python for one in known]


@pytest.mark.parametrize("where", ["i386", "arm", "ppc", "mips_o32", "sparc", "m68k"])
def test_a_replacement_has_no_narrower_times(where: str) -> None:
    """Not the ABI's own call of the same arguments if its times end in 2038."""
    one = replacements.find("utimesat", where)
    assert one is not None
    assert (one.call, one.code) == ("utimensat_time64", "utimesat")


def test_a_replacement_has_no_narrower_ids() -> None:
    """Not setfsuid where that is the call with ids of 16 bits, as it is on sparc64."""
    for name in ("setfsuid", "setfsgid"):
        assert numbers.entry(name, "sparc64") == f"sys_{name}16"
        assert replacements.find(f"{name}32", "sparc64") is None
        other = replacements.find(f"{name}32", "x86_64")
        assert other is not None
        assert other.call == name


@pytest.mark.parametrize("where", PROCESSES)
def test_legacy_calls_are_there_on_every_abi(where: str) -> None:
    """Each promised legacy call is made on each ABI: as it is, by another call, or by a function of pysys."""
    for name in LEGACY:
        made, detail = classify(name, where)
        if made == "refused":
            assert name in ("fork", "vfork"), (name, detail)
            assert f"pysys.{name}" in detail
        else:
            assert made in ("direct", "replaced"), (name, detail)
        assert resolve(name, abi=where).number in numbers.table(where).values()


def test_targets_are_calls_that_the_abi_has() -> None:
    """What a call becomes has a number and a function in the kernel, and is not refused."""
    for one in found():
        assert replacements.implemented(one.call, one.abi), one
        assert not fate(one.call, one.abi).refusal, one
    for where, fallback in older():
        assert replacements.implemented(fallback.call, where), fallback


def test_targets_need_no_replacement() -> None:
    """A replacement ends where it says: none leads to another one."""
    for one in found():
        if one.call != one.name and not one.code:
            assert replacements.find(one.call, one.abi) is None, one
    itself = {(one.name, one.abi) for one in found() if one.call == one.name}
    assert itself == {("mmap", "s390x")}


def test_arguments_are_parameters_and_constants() -> None:
    """A rearrangement is of parameters of the call that was asked for, and constants, as many as taken."""
    for one in found():
        if one.arguments is None:
            assert len(python_names(one.name)) == len(python_names(one.call, one.abi)), one
            continue
        own = (one.abi, one.call) == ("alpha", "rt_sigaction")  # has one more, which is NULL
        assert len(one.arguments) + own == len(python_names(one.call, one.abi)), one
        if not one.code:
            known = {*python_names(one.name), *replacements.CONSTANTS}
            assert set(one.arguments) <= known, one
    for where, fallback in older():
        names = python_names(fallback.name)
        assert fallback.arguments is not None
        assert len(fallback.arguments) == len(python_names(fallback.call, where)), fallback
        assert set(fallback.when) <= set(names), fallback
        assert set(fallback.when.values()) <= replacements.CONSTANTS.keys(), fallback
        assert bool(fallback.code) != bool(fallback.when), fallback
        if not fallback.code:
            assert set(fallback.arguments) <= {*names, *replacements.CONSTANTS}, fallback


def test_a_signal_means_the_same() -> None:
    """What is not made again after a signal becomes nothing that is."""
    checked = set()
    for one in found():
        if parameters.behaviour(one.name).get("eintr") == "never":
            checked.add(one.name)
            words = [0] * 6
            assert not restart.is_repeated(one.call, words), one
    assert {"pause", "rt_sigtimedwait"} <= checked


def test_nothing_is_replaced_without_need() -> None:
    """A call that the ABI has in its full width stays what it is."""
    for one in found():
        if not replacements.implemented(one.name, one.abi):
            continue
        entry = numbers.entry(one.name, one.abi)
        narrow = entry.endswith(("16", "32"))
        positions = abi.ABIS[one.abi].bits == 32 and one.call in (
            *("fcntl64", "truncate64", "ftruncate64", "sendfile64", "_llseek"),
        )
        other = (
            entry in ("sys_old_mmap", "sys_old_select", "sys_old_getrlimit")
            or entry in ("sysm_pipe", "sys_alpha_pipe", "sys_sh_pipe", "sys_sparc_pipe")
            or (one.abi, one.name) == ("alpha", "umount")
        )
        assert narrow + positions + other == 1, (one, entry)
    for name in ("open", "pipe", "poll", "getuid", "clock_gettime", "mmap", "lseek", "stat", "accept"):
        assert replacements.find(name, "x86_64") is None


def test_every_entry_is_used() -> None:
    """No entry of the data is one that no ABI needs."""
    used = {(one.name, one.code, one.call) for one in found()}
    for table, code in ((replacements.REARRANGED, False), (replacements.CONVERTED, True)):
        for name, written in table.items():
            for becomes in written.split(" or "):
                call = becomes.partition("(")[0]
                assert (name, name if code else "", call) in used, (name, becomes)
    assert {fallback.name for _, fallback in older()} == {
        *replacements.FALLBACKS,
        *replacements.CONVERTED_FALLBACKS,
    }


def test_every_conversion_is_written() -> None:
    """What the data leave to code is a function of the call's name, with the call's parameters."""
    import inspect

    from pysys.calls._make import conversions

    for name in (*replacements.CONVERTED, *replacements.CONVERTED_FALLBACKS):
        assert list(inspect.signature(getattr(conversions, name)).parameters) == python_names(name), name


def test_conversions_call_what_is_only_rearranged() -> None:
    """What a conversion by hand takes from `rearranged` needs no other conversion, on any ABI."""
    text = (PROJECT / "src/pysys/calls/_make/conversions.py").read_text()
    used = set(re.findall(r"\brearranged\.(\w+)", text)) - {"rearranged"}
    assert {"ppoll", "pselect6", "fcntl", "utimensat", "clock_gettime"} <= used
    for one in found():
        assert not (one.name in used and one.code), one


@pytest.mark.parametrize(
    ("name", "where", "becomes"),
    [
        ("open", "aarch64", "openat(AT_FDCWD, filename, flags, mode)"),
        ("rename", "aarch64", "renameat(AT_FDCWD, oldname, AT_FDCWD, newname)"),
        ("rename", "riscv64", "renameat2(AT_FDCWD, oldname, AT_FDCWD, newname, 0)"),
        ("rmdir", "riscv64", "unlinkat(AT_FDCWD, pathname, AT_REMOVEDIR)"),
        ("pipe", "mips_o32", "pipe2(fildes, 0)"),
        ("getuid", "i386", "getuid32"),
        ("getuid32", "x86_64", "getuid"),
        ("chown", "i386", "chown32"),
        ("chown", "aarch64", "fchownat(AT_FDCWD, filename, user, group, 0)"),
        ("clock_gettime", "arm", "clock_gettime64"),
        ("clock_gettime64", "x86_64", "clock_gettime"),
        ("nanosleep", "riscv32", "clock_nanosleep_time64(CLOCK_MONOTONIC, 0, rqtp, rmtp)"),
        ("accept", "s390x", "accept4(fd, upeer_sockaddr, upeer_addrlen, 0)"),
        ("select", "i386", "_newselect"),
        ("semop", "i386", "semtimedop_time64(semid, tsops, nsops, NULL)"),
        ("semop", "ppc64", "semtimedop(semid, tsops, nsops, NULL)"),
        ("fadvise64_64", "arm", "arm_fadvise64_64(fd, advice, offset, len)"),
        ("sync_file_range", "ppc64", "sync_file_range2(fd, flags, offset, nbytes)"),
        ("getrlimit", "i386", "ugetrlimit"),
        ("umount", "alpha", "umount2(name, 0)"),
    ],
)
def test_rearrangements(name: str, where: str, becomes: str) -> None:
    """The call that does the same, its arguments in its own order."""
    one = replacements.find(name, where)
    assert one is not None
    assert (str(one), one.code) == (becomes, "")


def test_resolve_says_what_is_replaced() -> None:
    """A resolution holds the call, its number there, the arguments by its own names, and the reason."""
    one = resolve("access", abi="arm64")
    assert one.as_dict() == {
        "request": "access",
        "abi": "aarch64",
        "call": "faccessat",
        "number": numbers.number("faccessat", "aarch64"),
        "arguments": {"dfd": "AT_FDCWD", "filename": "filename", "mode": "mode"},
        "why": "the ABI has no number for it: faccessat does its work",
    }
    assert resolve("getuid", abi="i386").arguments == {}
    assert "16 bits" in resolve("getuid", abi="i386").why
    assert "register" in resolve("pipe", abi="alpha").why
    assert "pointer" in resolve("mmap", abi="s390x").why
    assert "2038" in resolve("clock_gettime", abi="i386").why


def test_resolve_says_what_old_kernels_get() -> None:
    """An older call that does the same as a new one for some arguments is named."""
    one = resolve("faccessat2", abi="x86_64")
    assert one.call == "faccessat2"
    assert "faccessat(dfd, filename, mode) if flags is 0" in one.why
    assert "openat(" in resolve("openat2", abi="x86_64").why


def test_resolve_knows_numbers_without_a_call() -> None:
    """A number behind which there is nothing is resolved, and said to be answered with ENOSYS."""
    assert "ENOSYS" in resolve("lookup_dcookie", abi="x86_64").why
    assert resolve("umount", abi="ppc64").call == "umount2"


def test_resolve_misses() -> None:
    """What nothing does is a LookupError that says where there is such a call, or what was meant."""
    with pytest.raises(numbers.NoNumberError, match="it exists on"):
        resolve("iopl", abi="aarch64")
    with pytest.raises(numbers.UnknownCallError, match="did you mean"):
        resolve("opent", abi="aarch64")


def test_classify() -> None:
    """The four things that can be made of a name."""
    assert classify("getpid", "x86_64") == ("direct", "39")
    assert classify("open", "aarch64")[0] == "replaced"
    made, why = classify("rt_sigreturn", "x86_64")
    assert (made, why.rpartition(": ")[2]) == ("refused", "handlers return by themselves")
    assert classify("fork", "aarch64") == ("replaced", "clone: use pysys.fork")
    made, why = classify("fork", "x86_64")
    assert (made, why.rpartition(": ")[2]) == ("refused", "use pysys.fork")
    assert classify("iopl", "aarch64") == ("absent", "no number")
    assert classify("lookup_dcookie", "x86_64") == ("absent", "number 212, answered with ENOSYS")
    assert classify("nonsense", "x86_64") == ("absent", "no number")
