"""What editors, completion and help() find in pysys.calls."""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pysys import abi, calls, numbers, parameters
from pysys.calls import _HANDWRITTEN, direct
from pysys.calls._make.describe import describe
from pysys.calls._make.written import identifier
from pysys.parameters.table import TABLE
from pysys.policy.fate import fate
from tools.generate import __main__ as generate

pytestmark = pytest.mark.widths


@pytest.mark.skipif(abi.current().name != generate.TYPED_ON, reason="they are generated on x86_64")
def test_stubs_are_current() -> None:
    """calls/direct.pyi and the __init__.pyi of calls and structures are as they would be generated now."""
    assert generate.differences(generate.types()) == []


def test_dir_has_every_call() -> None:
    """dir() has the calls of every ABI, and all that is written by hand."""
    every = set(map(identifier, numbers.calls()))
    assert every <= set(dir(direct))
    assert every | _HANDWRITTEN.keys() <= set(dir(calls))


def test_every_call_says_once_that_it_raises() -> None:
    """What is written by hand names the errors of its page: documented_call adds the sentence."""
    for name in sorted(_HANDWRITTEN.keys() & numbers.calls()):
        text = " ".join(str(getattr(calls, name).__doc__).split())
        assert text.count(f"Raises the documented errors of {name} (pysys.errors)") == 1, name
        assert "Raises: " not in text, name


def test_every_function_by_hand_says_what_it_returns() -> None:
    """And since which kernel it exists."""
    for name in _HANDWRITTEN:
        text = " ".join(str(getattr(calls, name).__doc__).split())
        assert "Returns " in text, name
        assert "Since Linux " in text, name


def test_help_shows_the_page() -> None:
    """help() of a call, whether direct, replaced or written by hand, has its own text and the page below."""
    for name in sorted(numbers.calls()):
        short = str(getattr(calls, name).__doc__)
        # llseek and _llseek are one.
        assert re.match(rf"_?{name}\(2\)[:,] \w", short.splitlines()[0]), name
    for name in ("openat2", "statx", "stat64", "nice", "signal"):
        text = inspect.getdoc(getattr(calls, name)) or ""
        assert "\nCALL\n" in text, name


def texts(name: str) -> dict[str, str]:
    """What the docstring of a call in calls.direct says of each parameter."""
    documented = str(getattr(direct, name).__doc__)
    return dict(re.findall(r"^(\w+): (.+)\.$", documented, re.MULTILINE))


@pytest.mark.parametrize(
    ("name", "parameter", "says", "does_not_say"),
    [
        ("openat", "dfd", "descriptor fileno", "None"),
        ("openat", "filename", "path bytes", "None"),
        ("openat", "flags", "flags.OpenFlags", "None"),
        ("pread64", "buf", "written count bytes", "None"),
        ("pwrite64", "buf", "read count bytes", "None written"),
        ("clock_nanosleep", "rqtp", "read timespec", "None written"),
        ("clock_nanosleep", "rmtp", "written timespec None", ""),
        ("execve", "argv", "sequence str bytes", ""),
        ("statx", "buffer", "written structures.statx", "None"),
        ("statx", "mask", "flags.StatxMask", "None"),
        ("epoll_ctl", "event", "read structures.epoll_event None", "written"),
        ("sched_setaffinity", "user_mask_ptr", "read len bytes", "None written"),
        ("munmap", "addr", "address", ""),
    ],
)
def test_a_parameter_says_what_it_takes(name: str, parameter: str, says: str, does_not_say: str) -> None:
    """Its kind, whether it is read or written, how long it is, its flags, and whether None will do."""
    text = texts(name)[parameter]
    assert [word for word in says.split() if word not in text] == []
    assert [word for word in does_not_say.split() if word in text] == []


@pytest.mark.parametrize("name", sorted(numbers.calls()))
def test_every_parameter_is_described(name: str) -> None:
    """Each parameter has its line, in order; None is offered where it is taken, and nowhere else."""
    described = texts(identifier(name))
    # As the ABI has it; of a call that is not made on it, as most have it.
    made = not fate(name, abi.current()).unmade()
    known = parameters.parameters(name, abi.current() if made else None) or ()
    assert [*described] == [one.python for one in known]
    for one in known:
        taken = one.nullable or one.kind in ("word", "address")
        assert ("None" in described[one.python]) == taken, one.python
        assert one.flags in described[one.python], one.python


COMMANDED = {"ioctl", "ptrace"}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "acct",
            "acct(2): the call as the kernel defines it.\n\n"
            "name: a path: str, bytes or os.PathLike, or None.\n\n"
            "Returns the kernel's result, an int. Raises the documented errors of the call (pysys.errors).",
        ),
        ("mount", "dev_name: str or bytes, or None."),
        ("mount", "dir_name: a path: str, bytes or os.PathLike."),
        ("mount", "flags: an int (unsigned long), of flags.MountFlags."),
        (
            "bpf",
            "uattr: memory that is read and written to: a structures.bpf_attr, size bytes of it, or 48 if",
        ),
        ("bpf", "size_common bytes of it, or None. Since Linux 7.2."),
        ("fsync", "fd: a descriptor: an int, or an object with fileno()."),
        ("pread64", "buf: memory that is written to: count bytes."),
        ("recv", "ubuf: memory that is written to: size bytes, or None."),
        ("madvise", "start: an address as an int, None for 0, or the memory itself."),
        ("mincore", "vec: memory that is written to: a byte for each page of len bytes."),
        ("set_mempolicy", "nmask: memory that is read: a bitmap of maxnode-1 bits, in longs, or None."),
        (
            "getsockname",
            "usockaddr: memory that is written to: as many bytes as usockaddr_len says, or None.",
        ),
        ("getsockname", "usockaddr_len: memory that is read and written to: an int."),
        ("setgroups32", "grouplist: memory that is read: an array of gidsetsize unsigned int, or None."),
        ("sched_setparam", "param: memory that is read: a structures.sched_param."),
        ("utimensat", "utimes: memory that is read: an array of 2 structures.timespec, or None."),
        ("execve", "argv: a sequence of str or bytes, or None."),
        ("kill", "pid: an int (pid_t).\nsig: an int.\n"),
        ("ptrace", "\nMemory must be as long as the command requires"),
        ("ioctl", "\nShort memory is copied, too"),
    ],
)
def test_the_text_of_a_call(name: str, expected: str) -> None:
    """A call's own text says of each parameter what it takes, and None only where NULL is."""
    commands: Any = SimpleNamespace(guarded=name == "ioctl") if name in COMMANDED else None
    text = describe(name, parameters.parameters(name) or (), commands)
    assert expected in text
    assert text.startswith(f"{name}(2): ")


@pytest.mark.portable
@pytest.mark.parametrize("stub", ["calls/direct.pyi", "calls/__init__.pyi"])
def test_editors_find_a_text(stub: str) -> None:
    """Each function of the stubs has its text, which names the call, and the defaults that there are."""
    functions = {
        node.name: node
        for node in ast.parse((Path(calls.__file__).parents[1] / stub).read_text()).body
        if isinstance(node, ast.FunctionDef) and node.name != "__dir__"
    }
    assert len(functions) > 100
    for name, node in functions.items():
        assert (ast.get_docstring(node) or "").startswith(f"{name.removesuffix('_')}(2): "), name
    shown = {name: ast.unparse(node.args) for name, node in functions.items()}
    if stub == "calls/direct.pyi":
        assert shown["bpf"].endswith(
            "uattr_common: structures.bpf_common_attr | Array[structures.bpf_common_attr] "
            "| Buffer | None=None, size_common: int=0"
        )
        assert shown["fcntl"] == "fd: Descriptor, cmd: int, arg: Word | None"
        added = {name for name, entry in TABLE.items() if re.search(r"= \S+ since \d", entry)}
        assert {name for name, one in shown.items() if "=" in one} == added
    else:
        assert shown["sysfs"] == "option: int, arg1: Word | None=0, arg2: Word | None=0"
        assert "kcmp" in shown and "read" not in shown  # which direct has
