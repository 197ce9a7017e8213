"""The facts that pages of the reference are made from."""

from __future__ import annotations

import itertools
import re

import pytest

from pysys import errors, metadata
from pysys.abi import ABIS
from pysys.metadata import load
from pysys.metadata.not_calls import KINDS
from pysys.tables import documented, errnos, history, optional, related
from tools.check import pages as schema

# From the kernel's Kconfig texts.
SYMBOLS = {
    "epoll_ctl": ("CONFIG_EPOLL",),
    "bpf": ("CONFIG_BPF_SYSCALL",),
    "accept": ("CONFIG_NET",),
    "process_vm_readv": ("CONFIG_CROSS_MEMORY_ATTACH",),
    "membarrier": ("CONFIG_MEMBARRIER",),
    "landlock_add_rule": ("CONFIG_SECURITY_LANDLOCK",),
    "mq_open": ("CONFIG_POSIX_MQUEUE",),
    "setuid": ("CONFIG_MULTIUSER",),
    "map_shadow_stack": ("CONFIG_ARM64_GCS or CONFIG_RISCV_USER_CFI or CONFIG_X86_USER_SHADOW_STACK",),
    # In every kernel, although its list of calls that may be missing has them.
    "execveat": (),
    "copy_file_range": (),
    "openat": (),
    # Not a call.
    "no_such_call": (),
}


@pytest.mark.parametrize("name", SYMBOLS)
def test_what_a_call_needs_of_the_configuration(name: str) -> None:
    assert load.config(name) == SYMBOLS[name]
    assert load.optional(name) is bool(SYMBOLS[name])


def test_the_symbols_are_symbols() -> None:
    for name, text in optional.OPTIONAL.items():
        assert re.fullmatch(r"[A-Z][A-Z0-9_]*(?:[ |][A-Z][A-Z0-9_]*)*", text), name


def test_what_a_manual_documents_is_an_errno() -> None:
    for name, text in documented.DOCUMENTED.items():
        for symbol in text.split():
            assert symbol in errnos.ERRNOS["generic"], (name, symbol)
            assert issubclass(getattr(errors, symbol), OSError), (name, symbol)


def test_an_errno_with_two_names_has_one_here() -> None:
    """What has one number on every ABI is not a second errno of a call."""
    same = [
        (one, other)
        for one, other in itertools.permutations(errnos.ERRNOS["generic"], 2)
        if load.errno_values(one) == load.errno_values(other)
    ]
    assert ("EWOULDBLOCK", "EAGAIN") in same
    for name, text in documented.DOCUMENTED.items():
        assert not [pair for pair in same if {*pair} <= {*text.split()}], name


def test_errnos_of_pages_that_the_manual_divides() -> None:
    assert {"EAGAIN", "ETIMEDOUT", "EINTR", "EDEADLK"} <= set(load.documented("futex"))
    assert set(load.documented("FUTEX_WAIT")) < set(load.documented("futex"))
    assert {*load.documented("openat"), "EAGAIN", "EXDEV", "E2BIG"} <= set(load.documented("openat2"))
    assert "EDEADLK" in load.documented("fcntl")  # F_SETLK
    assert "ENOKEY" in load.documented("keyctl")
    assert "EPOLLEXCLUSIVE" not in load.documented("epoll_ctl")
    assert "EOPNOTSUPP" in load.documented("setxattr")


def test_what_is_referred_to_is_there() -> None:
    known = {*load.names()}
    for name, text in related.RELATED.items():
        for word in text.split():
            other, section = word.removesuffix(")").split("(")
            if section == "2":
                assert other in known, (name, word)
            elif section == "2type":
                assert other not in known, (name, word)
            assert name != other or section not in ("2", "2type"), (name, word)
    assert "open_how(2type)" in load.see_also("openat2")
    assert "prctl(2)" not in load.see_also("prctl")
    assert "futex(2)" in load.see_also("futex_waitv")


# The last release of each series that has ended; from 7.0 on any.
LAST = {"1.0": 9, "1.2": 13, "2.0": 40, "2.2": 26, "2.4": 37, "2.6": 39}
SERIES = {1: 2, 3: 19, 4: 20, 5: 19, 6: 19}
# Released on the way to the series after it.
DEVELOPMENT = {"1.1": "1.2", "1.3": "2.0", "2.1": "2.2", "2.3": "2.4", "2.5": "2.6"}


def release(version: str) -> bool:
    """Whether there has been a kernel of this version."""
    first, second, *rest = load.version_key(version)
    series = f"{first}.{second}"
    if series in LAST or series in DEVELOPMENT:
        return len(rest) < 2 and (series not in LAST or sum(rest) <= LAST[series])
    return not rest and first > 2 and second <= SERIES.get(first, 99)


def test_versions_are_releases() -> None:
    for table in history.INTRODUCED, history.REMOVED, {k: v for k, (_, v) in history.RENAMED.items()}:
        for name, version in table.items():
            assert release(version), (name, version)
    for name, version in history.REMOVED.items():
        assert load.version_key(history.INTRODUCED[name]) < load.version_key(version), name
    assert not release("2.4.116") and not release("2.4.8.1") and not release("6.20")


@pytest.mark.parametrize(
    ("name", "since"),
    [
        ("waitid", "2.6.9"),
        ("mbind", "2.6.7"),
        ("get_mempolicy", "2.6.7"),
        ("mq_open", "2.6.6"),
        ("oldumount", "2.2"),
    ],
)
def test_when_calls_came(name: str, since: str) -> None:
    assert load.since(name) == since


def test_history_agrees_with_pages() -> None:
    """Where a page says that a call was added, the table has that version, or the series that it led to."""
    for page in metadata.pages.values():
        added = [one.version for one in page.history if one.change.startswith("Added")]
        if added and page.since and page.name != "poll":  # which 2.0.36 took over from 2.1.23
            stable = DEVELOPMENT.get(".".join(added[0].split(".")[:2]), added[0])
            assert page.since == stable, page.name


def test_what_is_gone_says_since_when() -> None:
    """The line about a call that is gone has the version of the table, if it has one."""
    for name, (kind, text) in KINDS.items():
        if found := re.search(r"\b(?:[Gg]one in|left the kernel in|driver in) (\d[.\d]*\d)", text):
            assert kind == "removed"
            assert load.removed(name) == found[1], name
    assert "uselib" in history.REMOVED and "lookup_dcookie" in history.REMOVED


def test_what_is_kept_somewhere_is_there() -> None:
    """The line about a reserved number names the architectures, if they are few."""
    named = {"x86-64": "x86", "Alpha": "alpha", "PowerPC": "powerpc"}
    for name, (kind, text) in KINDS.items():
        places = {there for one, there in named.items() if re.search(rf"\bon (.*, )?(.* and )?{one}", text)}
        if kind == "never" and places:
            assert {ABIS[abi].architecture for abi, _, _ in load.entries(name)} == places, name
    assert "tuxcall" in KINDS["tux"][1] and load.entries("tuxcall") and not load.entries("tux")


# Pages whose EMFILE is not about a new file: a copy of a table, or another number of a file that is open.
NO_NEW_FILE = "close_range dup fcntl fcntl64 fork io_uring_register pidfd_getfd unshare vfork"


def test_who_lacks_a_descriptor_may_lack_a_file() -> None:
    """A call that makes a file gives ENFILE where it gives EMFILE; one that copies a table, as fork."""
    errnos_of = {page.name: {cause.errno for cause in page.errors} for page in metadata.pages.values()}
    assert {name for name, some in errnos_of.items() if "EMFILE" in some and "ENFILE" not in some} == set(
        NO_NEW_FILE.split()
    )
    for name in "fork", "vfork", "clone", "clone3":
        assert errnos_of[name] >= {"EMFILE", "EAGAIN", "ENOMEM"}, name


def test_a_removed_cgroup_is_enoent() -> None:
    assert any(
        "cgroup of the descriptor has been removed" in one.when for one in metadata.causes("clone3", "ENOENT")
    )


def test_no_text_speaks_of_the_pages_own_file() -> None:
    """A reader sees titles such as SECCOMP AND CONTAINERS, and not the keys of a TOML file."""
    keys = "|".join((*schema.TOP, *schema.TABLES, *schema.ARRAYS)).replace("?", "")
    for page in metadata.pages.values():
        for where, text in schema.texts(page.text):
            assert not re.search(rf"\[({keys})\]|\.toml\b", text), (page.name, where)


def test_a_figure_of_time_names_its_range() -> None:
    """How long something takes depends on the machine: fork's page had one figure."""
    for page in metadata.pages.values():
        for where, text in schema.texts(page.text):
            if found := re.search(r"[^.]*\d (?:ms|milliseconds|µs|microseconds) (?:per|for each)[^.]*", text):
                assert re.search(r"\d+ to \d+", found[0]), (page.name, where)
    assert "60 ms per resident gigabyte" in " ".join(metadata.page("fork").description.split())
