"""The flag types: values are the kernel's, every member explains itself."""

from __future__ import annotations

import enum
import fcntl
import functools
import mmap
import operator
import os
import pickle
import pydoc
import re
import resource
import select
import shutil
import signal
import socket
import stat
import subprocess
import sys
from typing import TYPE_CHECKING

import known_layouts
import layouts
import pytest
from heavy_imports import HEAVY, loaded_by
from hypothesis import given
from hypothesis import strategies as st

from pysys import abi, errors, flags
from pysys.flags import CloneFlags, OpenFlags, PidfdFlags, WaitIdType, WaitOptions, index
from pysys.flags.values import value
from tools.check import flags as check_flags
from tools.generate import flags_index
from tools.generate.__main__ import differences

if TYPE_CHECKING:
    from pathlib import Path

TYPES: list[type[enum.IntEnum | enum.IntFlag]] = [
    kind for kind in (getattr(flags, name) for name in index.MODULES) if isinstance(kind, type)
]
KERNEL_NAMES = {ours: kernels for kernels, ours in index.RENAMED.items()}
# What this machine's headers may be asked: those that go with the C library's.
HEADERS = [
    "linux/const.h",  # newer ones use it and do not include it
    "asm/mman.h",
    "linux/close_range.h",
    "linux/eventpoll.h",
    "linux/fadvise.h",
    "linux/falloc.h",
    "linux/fanotify.h",
    "linux/fcntl.h",
    "linux/fs.h",
    "linux/futex.h",
    "linux/inotify.h",
    "linux/io_uring.h",
    "linux/keyctl.h",
    "linux/landlock.h",
    "linux/membarrier.h",
    "linux/memfd.h",
    "linux/mempolicy.h",
    "linux/openat2.h",
    "linux/perf_event.h",
    "linux/pidfd.h",
    "linux/prctl.h",
    "linux/quota.h",
    "linux/sched.h",
    "linux/seccomp.h",
    "linux/stat.h",
    "linux/userfaultfd.h",
    "linux/wait.h",
    "linux/xattr.h",
]
# Where the C library gives a name another value than the kernel.
C_LIBRARYS = {
    "O_LARGEFILE",  # 0 for 64-bit programs, which need not ask
}


def members() -> list[tuple[str, int, str | None]]:
    return [
        (name, member.value, member.__doc__) for kind in TYPES for name, member in kind.__members__.items()
    ]


def one_line(text: str | None) -> str:
    return " ".join((text or "").split())


def host_values(folder: Path, compiler: str) -> dict[str, int]:
    """The members' values according to this machine's headers; absent ones are left out."""
    lines = ["#include <stdio.h>"]
    lines += [f"#if __has_include(<{header}>)\n#include <{header}>\n#endif" for header in HEADERS]
    lines += ["int main(void) {"]
    for name, _, _ in members():
        name = KERNEL_NAMES.get(name, name)
        lines += [f"#ifdef {name}", f'printf("{name} %llu\\n", (unsigned long long)({name}));']
        lines += ["#endif"]
    lines += ["return 0; }"]
    source, program = folder / "flags.c", folder / "flags"
    source.write_text("\n".join(lines) + "\n")
    subprocess.run([compiler, "-o", program, source], check=True, timeout=60)
    output = subprocess.run([program], check=True, timeout=60, capture_output=True, text=True)
    pairs = (line.split() for line in output.stdout.splitlines())
    return {name: int(value) for name, value in pairs}


@pytest.mark.portable
def test_values_are_those_of_the_headers(tmp_path: Path) -> None:
    """Every value that this machine's kernel headers define is ours."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        pytest.skip("no C compiler")
    host = host_values(tmp_path, compiler)
    assert {"CLONE_VM", "__WALL", "P_PID", "O_DIRECT", "FAN_OPEN"} <= host.keys()
    ours = {KERNEL_NAMES.get(name, name): value for name, value, _ in members()}
    differing = {
        name: (hex(value), hex(ours[name]))
        for name, value in host.items()
        if (value - ours[name]) % 2**32  # how wide a negative one is, headers do not say
    }
    assert differing == {}


@pytest.mark.parametrize("name", ["", abi.current().name], ids=["everywhere", "here"])
def test_constants_known_by_heart(name: str) -> None:
    """The flags, errors and signals are the ones that the headers of this architecture are known to have."""
    if name not in known_layouts.CONSTANTS:
        pytest.skip(f"nobody knows {name} by heart")
    ours: dict[str, object] = {}
    for constant in known_layouts.CONSTANTS[name]:
        if constant in errors.CLASSES:
            ours[constant] = errors.by_name(constant).number
        elif constant in signal.Signals.__members__:
            ours[constant] = value(constant)
            assert value(constant) == getattr(signal, constant)
        else:
            ours[constant] = getattr(flags, constant)
    assert ours == known_layouts.CONSTANTS[name]


# What the headers do not show to programs: the C library has its own.
HIDDEN = {"SOCK_STREAM", "SOCK_NONBLOCK"}


@pytest.mark.portable
@pytest.mark.parametrize("target", layouts.TARGETS)
def test_constants_of_the_headers_of_every_architecture(target: str) -> None:
    """What is known by heart is what the headers define; and so is every flag that they have."""
    compiler, name = layouts.cross(target), layouts.TARGETS[target]
    if compiler is None:
        pytest.skip("needs the package ziglang")
    known = known_layouts.CONSTANTS[""] | known_layouts.CONSTANTS.get(name, {})
    compared, differ, missing = layouts.compare_constants(compiler, known)
    assert differ == []
    assert set(re.findall(r"identifier '(\w+)'", "".join(missing))) == HIDDEN & known.keys()
    assert compared == len(known.keys() - HIDDEN)
    assert len(layouts.compare_constants(compiler, known | {"O_RDWR": 3, "AT_FDCWD": 100})[1]) == 2

    compared, differ, _ = layouts.compare_constants(compiler, check_flags.values(name))
    assert differ == []
    assert compared > 1000


def test_every_member_has_a_docstring_of_its_own() -> None:
    """A member and a class have a docstring of their own, not their class's nor a base's."""
    for kind in TYPES:
        docs = [member.__doc__ for member in set(kind.__members__.values())]
        assert all(docs), kind
        assert kind.__doc__
        assert kind.__doc__ not in docs, kind
        assert not {base.__doc__ for base in kind.__mro__[1:]} & {kind.__doc__, *docs}, kind


def test_every_member_says_since_when() -> None:
    """Each member names the kernel that brought it, or its class does for all of them."""
    since = re.compile(r"(Linux|[Ss]ince) \d+\.\d")
    silent = [
        f"{kind.__name__}.{name}"
        for kind in TYPES
        for name, member in kind.__members__.items()
        if not since.search(one_line(member.__doc__)) and not since.search(one_line(kind.__doc__))
    ]
    assert silent == []


def test_help_prints_the_docstrings_of_the_members() -> None:
    """help(CloneFlags) shows what each flag does, not only its number."""
    text = one_line(pydoc.plain(pydoc.render_doc(CloneFlags)).replace("|", ""))
    for flag in CloneFlags:
        assert one_line(flag.__doc__) in text


def test_every_member_is_a_name_of_the_module() -> None:
    """`from pysys.flags import CLONE_NEWUSER` works for every member of every type."""
    for kind in TYPES:
        assert getattr(flags, kind.__name__) is kind
        for name, member in kind.__members__.items():
            found = getattr(flags, name)
            assert found is member or (index.MEMBERS[name] != kind.__name__ and found == member), name
    assert index.RENAMED
    for kernels, ours in index.RENAMED.items():
        assert getattr(flags, kernels) is WaitOptions[ours]
    assert {"CSIGNAL", "AT_FDCWD", "CLONE_VM", "CloneFlags"} <= set(dir(flags))
    with pytest.raises(AttributeError, match="CLONE_VN"):
        flags.CLONE_VN  # type: ignore[attr-defined]  # noqa: B018  # wrong on purpose


def test_the_index_is_current() -> None:
    """index.py and __init__.pyi are what python -m tools.generate would write now."""
    assert differences(flags_index.texts()) == []


def test_a_family_is_loaded_when_it_is_needed() -> None:
    """The package loads no enum, and a name only its own module."""
    assert not loaded_by("import pysys.flags") & HEAVY
    loaded = loaded_by("from pysys.flags import CLONE_VM")
    assert "pysys.flags.process" in loaded
    assert "pysys.flags.files" not in loaded


def test_values_of_other_architectures() -> None:
    """value() knows an ABI by name or alias, says what is missing where, and takes a default for it."""
    assert value("O_DIRECT", "x86_64") == 0o40000
    assert value("O_DIRECT", "armhf") == 0o200000
    assert value("SOCK_STREAM", abi.ABIS["mips_n64"]) == 2
    assert value("SOCK_NONBLOCK", "alpha") == 0x40000000
    assert value("F_GETLK64", "i386") == 12
    assert value("F_GETLK64", "x86_64", default=5) == value("F_GETLK64", "loongarch64", default=5) == 5
    assert value("F_GETLK64", "riscv32") == value("F_GETLK64", "loongarch32") == 12
    with pytest.raises(LookupError, match="x86_64 has no F_GETLK64"):
        value("F_GETLK64", "x86_64")
    with pytest.raises(LookupError, match="CLONE_VM is not a constant that differs"):
        value("CLONE_VM")
    assert value("O_CLOEXEC") == os.O_CLOEXEC == OpenFlags.O_CLOEXEC


def test_values_without_the_extension() -> None:
    """Where the extension cannot be loaded, they are those of this program's ABI all the same."""
    code = """
import sys
sys.modules["pysys._ffi"] = None
from pysys.flags import O_DIRECT
print(int(O_DIRECT))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.stderr) == (f"{OpenFlags.O_DIRECT.value}\n", "")


@pytest.mark.portable
def test_the_checker_sees_a_wrong_value() -> None:
    """The tool that compares members with headers reports a value, a name and a reason that do not hold."""
    known = dict.fromkeys(check_flags.names() - check_flags.OURS.keys(), 0)
    known |= {KERNEL_NAMES.get(name, name): value for name, value, _ in members()}
    known |= {name: getattr(flags, name) for name in index.MODULES if name.isupper()}
    for name in check_flags.OURS:
        del known[name]
    here = abi.current().name
    assert check_flags.wrong({here: known}) == []
    wrong = known | {"CLONE_VM": 0x101, "O_ASYNC": 0}
    del wrong["P_PID"]
    assert sorted(check_flags.wrong({here: wrong})) == [
        f"flags: CloneFlags.CLONE_VM is 0x100, the kernel's is 0x101 on {here}",
        f"flags: OpenFlags.O_ASYNC is {OpenFlags.O_ASYNC.value:#x}, the kernel's is 0x0 on {here}",
        "flags: no header has P_PID",
        "flags: tools/check/flags.py: OURS has O_ASYNC, which a header defines",
    ]


@pytest.mark.portable
def test_the_checker_sees_what_pages_name_and_no_class_has() -> None:
    """A constant of the headers that pages mention has a member, or a reason why it has none."""
    mentioned = check_flags.mentioned()
    assert {"SECBIT_NOROOT", "BPF_F_LOCK", "UTIME_OMIT", "FS_IOC_SETFLAGS"} <= mentioned
    found = dict.fromkeys(mentioned, 0)
    here = abi.current().name
    missing = {line.split()[3].rstrip(",") for line in check_flags.unnamed({here: found})}
    assert not missing & (index.MEMBERS.keys() | index.MODULES.keys())
    assert "FS_IOC_SETFLAGS" not in missing
    assert check_flags.unnamed({here: dict.fromkeys(check_flags.names(), 0)}) == []
    assert "CONFIG_USELIB" in missing  # which is in no header
    assert check_flags.unnamed({here: {"CONFIG_USELIB": 1}}) == [
        "flags: pages mention CONFIG_USELIB, which no class has"
    ]


def test_a_name_means_one_value() -> None:
    """A member's name that two classes have is the same number in both."""
    values: dict[str, int] = {}
    for name, number, _ in members():
        assert values.setdefault(name, number) == number, name


def test_flags_are_single_bits_and_distinct() -> None:
    """No clone flag repeats or contains another one."""
    values = [flag.value for flag in CloneFlags]
    assert len(set(values)) == len(values)
    assert all(value.bit_count() == 1 for value in values)


def test_unknown_bits_survive() -> None:
    """A bit that this module does not name is kept, so that a newer flag can be passed."""
    combined = CloneFlags.CLONE_VM | (1 << 50)
    assert isinstance(combined, CloneFlags)
    assert combined == 0x100 | 1 << 50
    assert int(combined ^ CloneFlags.CLONE_VM) == 1 << 50


FLAGS: list[type[enum.IntFlag]] = [kind for kind in TYPES if issubclass(kind, enum.IntFlag)]


def combinations(kind: type[enum.IntFlag]) -> st.SearchStrategy[enum.IntFlag]:
    """Some members together, and at times bits that no member has."""
    members = st.lists(st.sampled_from(list(kind.__members__.values())), max_size=5)
    more = st.one_of(st.just(0), st.integers(0, 2**64 - 1))
    return st.builds(lambda some, bits: functools.reduce(operator.or_, some, kind(bits)), members, more)


def check_pieces(flag: enum.IntFlag) -> None:
    """Iteration gives members, and at last what has no name, which together are the value; no bit twice."""
    pieces = list(flag)
    assert [type(one) for one in pieces] == [type(flag)] * len(pieces) == [type(flag)] * len(flag)
    assert sum(pieces) == functools.reduce(operator.or_, pieces, 0) == flag
    assert all(pieces)
    assert all(one in flag for one in pieces)
    assert all(one.name in type(flag).__members__ for one in pieces[:-1])


@pytest.mark.parametrize("kind", FLAGS)
def test_every_member_can_be_taken_apart(kind: type[enum.IntFlag]) -> None:
    """And has only members as pieces; what is one bit, or more that have no names alone, is one piece."""
    for member in kind.__members__.values():
        check_pieces(member)
        assert all(one.name in kind.__members__ for one in member)
        check_pieces(~member)
        assert list(member | 1 << 63) == [*member, 1 << 63]


def test_what_a_member_is_made_of() -> None:
    """Bits, or where they have no names, the member itself; the widest, where several would do."""
    assert [one.name for one in flags.FileMode.S_IRWXU] == ["S_IXUSR", "S_IWUSR", "S_IRUSR"]
    for alone in (flags.O_TMPFILE, flags.O_SYNC, flags.MAP_HUGE_16GB, flags.PER_OSF4, flags.CLONE_VM):
        assert list(alone) == [alone]
    assert list(flags.O_TMPFILE | flags.O_WRONLY) == [flags.O_WRONLY, flags.O_TMPFILE]
    assert list(flags.MAP_HUGETLB | flags.MAP_HUGE_2MB) == [flags.MAP_HUGETLB, flags.MAP_HUGE_2MB]
    assert [*(CloneFlags.CLONE_VM | 17)] == [CloneFlags.CLONE_VM, 17]
    assert list(CloneFlags(0)) == []
    assert CloneFlags.CLONE_FS in list(~CloneFlags.CLONE_VM)
    assert CloneFlags.CLONE_VM not in ~CloneFlags.CLONE_VM


@pytest.mark.portable
@given(st.data())
def test_flags_combine_as_numbers_do(data: st.DataObject) -> None:
    """With |, &, ^ and ~, where a bit has no name, too: & ~ clears what was named and nothing else."""
    kind = data.draw(st.sampled_from(FLAGS))
    one, other = data.draw(combinations(kind)), data.draw(combinations(kind))
    first, second = int(one), int(other)
    for found, wanted in (
        (one | other, first | second),
        (one & other, first & second),
        (one ^ other, first ^ second),
        (one & ~other, first & ~second),
        (~other & one, first & ~second),
        (first & ~other, first & ~second),
        (~~one, first),
        (one & ~(other | one), 0),
        (~(~one | ~other), first & second),
    ):
        assert found == wanted and type(found) is kind
        check_pieces(found)
        assert str(found) == str(wanted)
        assert f": {wanted}>" in repr(found)
    known = functools.reduce(operator.or_, map(int, kind.__members__.values()), 0)
    assert int(~one) == known & ~first  # what a call or a structure gets
    check_pieces(~one)
    for flag in (one, ~one):
        again = pickle.loads(pickle.dumps(flag))
        assert again == flag and type(again) is kind and other & again == other & flag
        assert hash(again) == hash(flag)


def test_a_combination_is_an_integer() -> None:
    """Flags combine with flags and signals and go where an int goes."""
    assert (CloneFlags.CLONE_NEWUSER | CloneFlags.CLONE_NEWPID | 17) == 0x30000011
    assert int(WaitOptions.WEXITED | WaitOptions.WNOWAIT) == 0x01000004
    assert WaitOptions["WSTOPPED"] is WaitOptions.WUNTRACED


LOCKS = ("F_GETLK", "F_SETLK", "F_SETLKW")


def test_the_standard_library_agrees() -> None:
    """Where a module of Python has a constant of the same name, it has the same value."""
    libraries = (fcntl, mmap, os, resource, select, signal, socket, stat)
    shared = [
        (name, number, int(getattr(library, name)))
        for name, number, _ in members()
        for library in libraries
        if name not in C_LIBRARYS
        and not (name in LOCKS and sys.maxsize < 1 << 32)  # fcntl has the 64s'
        and not (
            name.removesuffix("64") in LOCKS and abi.current().name == "ppc64"
        )  # glibc has numbers of its own
        and isinstance(getattr(library, name, None), int)
    ]
    assert {"WNOHANG", "P_PID", "O_TMPFILE", "F_SETFD", "S_IFREG"} <= {name for name, *_ in shared}
    if sys.maxsize < 1 << 32:  # a C library with times of 64 bits has the options with such times
        newer = {"SO_RCVTIMEO": 66, "SO_SNDTIMEO": 67}
        shared = [one for one in shared if newer.get(one[0]) != one[2]]
    assert [one for one in shared if (one[1] - one[2]) % 2**32] == []
    assert PidfdFlags.PIDFD_NONBLOCK == os.O_NONBLOCK
    assert WaitIdType(3) is WaitIdType.P_PIDFD
