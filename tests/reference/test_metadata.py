"""The reference: pages, queries, text, help(), costs, and the check of pages."""

from __future__ import annotations

import contextlib
import errno
import inspect
import itertools
import json
import os
import pickle
import pydoc
import re
import shutil
import sqlite3
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from copy import deepcopy
from ctypes import CDLL
from pathlib import Path
from platform import libc_ver
from typing import Any

import pytest
from heavy_imports import HEAVY, loaded_by
from paths import PROJECT

import build_reference
from pysys import calls, flags, metadata, numbers
from pysys.cli import parser
from pysys.doc import PageDoc, documented, documented_call
from pysys.errors import CLASSES, error
from pysys.metadata import generated, load, profiles, query, render
from pysys.metadata.model import Page
from pysys.metadata.not_calls import KINDS
from tools.check import pages as schema

pytestmark = pytest.mark.portable

GOOD: dict[str, Any] = {
    "summary": "Make two of one.",
    "topics": ["process"],
    "description": "First paragraph with `code`.\n\nSecond paragraph.",
    "returns": "A number.",
    "history": {"1.0": "New.", "2.6.16": "Changed."},
    "containers": {"text": "Deny all or none.", "deny_together": ["fork", "clone3"]},
    "example": {"text": "Try.", "python": "print(1)\n", "prints": "1", "strace": "fork|clone"},
    "pitfalls": {"Deep": "Mind the step."},
    "security": {"text": "Beware.", "observe": ["strace: watch"]},
    "errors": [
        {"errno": "EAGAIN", "when": "A limit.", "look": "ulimit -u", "provoke": "calls.fork()"},
        {"errno": "EAGAIN", "when": "Another limit.", "unproven": "other processes"},
        {"errno": "ERESTARTNOINTR", "when": "Never seen."},
    ],
    "conforming": {"standards": ["POSIX.1-2001"]},
    "related": {"vfork": "it waits"},
}


def python(code: str) -> str:
    """Run in a fresh interpreter with the same pysys: what it prints."""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


# Pages and the mapping.


def test_page_of_a_call() -> None:
    """page() gives the text of the file and the facts of the tables in one object."""
    page = metadata.page("fork")
    assert (page.name, page.section, page.kind, page.depth) == ("fork", 2, "call", "full")
    assert page.topics[0] == "process"
    assert page.summary
    assert page.description
    assert page.returns
    assert page.numbers["x86_64"] == 57
    assert page.numbers["i386"] == 2
    assert "aarch64" not in page.numbers
    assert ("x86_64", 57, "sys_fork") in page.entries
    assert page.since == "1.0"
    assert page.profiles.keys() == {"docker", "podman"}
    assert page.signatures[0].prototype == "long fork(void)"
    assert "x86_64" in page.signatures[0].abis


def unwritten(monkeypatch: pytest.MonkeyPatch, name: str) -> metadata.Page:
    """A page as if nothing were written of it."""
    index, *rest = load._reference()
    others = {other: about for other, about in index.items() if other != name}
    monkeypatch.setattr(load, "_reference", lambda: (others, *rest))
    return metadata.Page(name)


def test_page_of_the_tables_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name of which nothing is written answers with what the tables know."""
    page = unwritten(monkeypatch, "arc_gettls")
    assert (page.depth, page.kind, page.summary, page.topics) == ("generated", "call", "", ())
    assert page.numbers["arc"] == numbers.number("arc_gettls", "arc")
    assert page.since
    assert page.profiles
    assert page.signatures
    assert not page.errors
    assert render.plain(page)


def test_every_page_can_be_shown() -> None:
    """Whatever is known of a name, and whatever is not."""
    for name, page in metadata.pages.items():
        assert render.plain(page).startswith(f"NAME\n    {name}("), name


@pytest.mark.parametrize(
    ("name", "kind"),
    [("gtty", "never"), ("killpg", "library"), ("syscalls", "overview"), ("uselib", "removed")],
)
def test_page_of_no_call(name: str, kind: str) -> None:
    """A name of the index that is not a call says what it is."""
    assert metadata.page(name).kind == kind
    assert metadata.page(name).summary


def test_every_name_of_the_index_answers() -> None:
    """Each of the 358 names of section 2's index has a page, and is a call or is said not to be one."""
    index = load.index()
    assert len(index) == 358
    for name in index:
        page = metadata.page(name)
        assert page.kind in schema.KINDS
        assert page.numbers or page.kind != "call", name


def test_kinds_agree_with_the_tables() -> None:
    """No name that kinds.py calls a library function or an overview has a number."""
    for name, (kind, text) in KINDS.items():
        assert kind in schema.KINDS, name
        assert text.endswith("."), name
        if kind in ("library", "overview", "wrapper"):
            assert not metadata.page(name).numbers, name


def test_unknown_name() -> None:
    """A name that nothing knows is a KeyError which offers the near ones."""
    with pytest.raises(metadata.UnknownPageError, match=r"no page for 'forkk': did you mean fork") as caught:
        metadata.page("forkk")
    assert isinstance(caught.value, KeyError)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


@pytest.mark.parametrize("name", ["../pages/fork", "", "fork.toml", "fork\0"])
def test_names_are_not_paths(name: str) -> None:
    """What is not a name is looked up as little as found."""
    with pytest.raises(metadata.UnknownPageError):
        metadata.page(name)


def test_pages_is_a_mapping() -> None:
    """pages has every name in order, the index and the calls of all ABIs, and no filler of a table."""
    names = list(metadata.pages)
    assert names == sorted(set(names))
    assert len(metadata.pages) == len(names)
    assert set(numbers.table("openrisc")) <= set(names)
    assert not {"reserved82", "unused18", "available4"} & set(names)
    assert "forkk" not in metadata.pages
    assert metadata.pages.get("forkk") is None
    assert metadata.pages["fork"] is metadata.page("fork")


def test_page_is_a_value() -> None:
    """Pages compare and hash by name, and pickle."""
    page = metadata.page("fork")
    assert pickle.loads(pickle.dumps(page)) == page
    assert hash(pickle.loads(pickle.dumps(page))) == hash(page)
    assert page != metadata.page("vfork")
    assert "fork(2)" in repr(page)


def test_as_dict_is_json() -> None:
    """as_dict() holds the whole page in what JSON has."""
    page = metadata.page("fork")
    copy = json.loads(json.dumps(page.as_dict()))
    assert copy == page.as_dict()
    assert copy["entries"][0].keys() == {"abi", "number", "entry"}
    assert len(copy["errors"]) == len(page.errors)
    public = {name for name, value in vars(type(page)).items() if isinstance(value, property)}
    assert copy.keys() == {"name"} | public - {"text", "numbers"}


def test_export() -> None:
    """export() holds every page, errno, class of flags and structure, as docs/export.schema.json says."""
    fastjsonschema = pytest.importorskip("fastjsonschema")
    exported = json.loads(json.dumps(metadata.export()))
    assert metadata.export().keys() == exported.keys()  # also the second time
    described = json.loads(Path(PROJECT, "docs/export.schema.json").read_text("utf-8"))
    validate = fastjsonschema.compile(described)
    validate(exported)
    assert [one["name"] for one in exported["pages"]] == list(metadata.pages)
    assert {one["name"] for one in exported["errnos"]} == set(CLASSES)
    classes = {one["name"] for one in exported["flags"]}
    structures = {one["name"] for one in exported["structures"]}
    for one in exported["pages"]:
        assert set(one["flag_classes"]) <= classes and set(one["structures"]) <= structures, one["name"]
    (openat2,) = (one for one in exported["pages"] if one["name"] == "openat2")
    assert openat2["structures"] == ["open_how"] and "ResolveFlags" in openat2["flag_classes"]
    assert openat2["profiles"]["docker"]["rules"][0]["action"] == "allow"
    assert described["properties"]["pages"]["items"]["properties"]["since"]["description"]
    for wrong in ({}, {**exported, "more": 1}, {**exported, "pages": [{**openat2, "section": "2"}]}):
        with pytest.raises(fastjsonschema.JsonSchemaException):
            validate(wrong)


def test_profiles_as_data() -> None:
    """A page's profile has its rules, their source, and answers whether the call is allowed."""
    profile = metadata.page("unshare").profiles["docker"]
    assert profile.rules == profiles.rules("unshare", "docker")
    assert profile.source == profiles.source("docker") and profile.otherwise.errno == "EPERM"
    assert profile.allowed() is False and profile.allowed(("CAP_SYS_ADMIN",)) is True


# Queries.


def test_by_number() -> None:
    """A number gives its calls, on the ABI that is asked for, all names where it has several."""
    assert [page.name for page in metadata.by_number(57, "x86_64")] == ["fork"]
    assert [page.name for page in metadata.by_number(57, "aarch64")] == ["close"]
    assert {page.name for page in metadata.by_number(22, "alpha")} == {"umount", "umount2"}
    assert metadata.by_number(99999, "x86_64") == ()
    assert metadata.by_number(numbers.number("reserved221", "mips_o32"), "mips_o32") == ()
    with pytest.raises(LookupError):
        metadata.by_number(1, "pdp11")


def test_by_abi() -> None:
    """An ABI gives its calls by number, and no filler of its table; aliases work."""
    found = metadata.by_abi("arm64")
    assert found[0].name == "io_setup"
    assert metadata.page("fork") not in found
    assert metadata.page("fork") in metadata.by_abi("i386")
    assert 0 < len(metadata.by_abi("mips_o32")) < len(numbers.table("mips_o32"))


def test_by_errno() -> None:
    """An errno gives the pages that know a cause for it, by symbol and by number."""
    found = metadata.by_errno("EAGAIN")
    assert metadata.page("fork") in found
    assert all(any(cause.errno == "EAGAIN" for cause in page.errors) for page in found)
    assert metadata.by_errno(errno.EAGAIN) == found
    assert metadata.by_errno("EWOULDBLOCK") == found
    assert metadata.by_errno("EFSBADCRC") == ()  # which exists


def test_since() -> None:
    """A version gives what came with it or later, in order, and up to a second one if there is one."""
    names = [page.name for page in metadata.since("5.3", "5.3")]
    assert "clone3" in names
    assert "fork" not in names
    later = [page.name for page in metadata.since("5.3")]
    assert set(names) < set(later)
    order = [load.version_key(metadata.page(name).since) for name in later]
    assert order == sorted(order)
    with pytest.raises(ValueError, match="five"):
        metadata.since("five")


def test_versions_are_ordered_as_numbers() -> None:
    """5.10 is later than 5.9, and 2.6.16 than 2.6.9."""
    assert load.version_key("5.10") > load.version_key("5.9")
    assert load.version_key("2.6.16") > load.version_key("2.6.9")


def test_search() -> None:
    """All words must be there, in any case; a page named so comes first."""
    assert metadata.search("fork")[0].name == "fork"
    assert metadata.page("fork") in metadata.search("PIDS.MAX rlimit_nproc")
    assert metadata.page("clone2") in metadata.search("ia-64")
    assert metadata.search("rlimit_nproc nosuchword") == ()
    assert metadata.search("") == ()


def test_search_by_what_a_call_takes() -> None:
    """Flags, structures, errnos and topics of a call count, and words that begin so."""
    for asked in ("RESOLVE_BENEATH", "open_how", "resolve_ben"):
        assert metadata.search(asked)[0].name == "openat2"
    assert metadata.page("epoll_ctl") in metadata.search("eexist events")
    assert metadata.page("clone3") in metadata.search("CLONE_NEWUSER")
    assert metadata.search('"') == () and metadata.search("( *") == ()


def test_terms() -> None:
    """Flags, classes, structures and errnos are found by the words of their names and texts."""
    first, *_ = metadata.terms("RESOLVE_BENEATH")
    assert (first.name, first.kind) == ("RESOLVE_BENEATH", "flag of ResolveFlags")
    assert first in metadata.terms("beneath") and first in metadata.terms("below directory 5.6")
    assert metadata.terms("open_how")[0].kind == "structure"
    assert metadata.terms("eagain")[0] == ("EAGAIN", "errno", load.meaning("EAGAIN"))
    assert metadata.terms("mountflags")[0].kind == "flags"
    assert metadata.terms("") == metadata.terms("nosuchword") == ()
    with pytest.raises(TypeError, match="terms: text must be a str, not int"):
        metadata.terms(1)  # type: ignore[arg-type]  # wrong on purpose


@pytest.mark.parametrize(
    ("ask", "text"),
    [
        (
            lambda: metadata.by_errno("EAGIN"),
            "by_errno: errno: no errno is called 'EAGIN': did you mean EAGAIN?",
        ),
        (lambda: metadata.by_errno(99999), "by_errno: errno: no errno has the number 99999 on this ABI"),
        (
            lambda: metadata.by_errno(1 << 99),
            "by_errno: errno: no errno has the number of 100 bits on this ABI",
        ),
        (lambda: metadata.causes("fork", "EAGIN"), "causes: errno: no errno is called 'EAGIN': did you mean"),
        (lambda: metadata.causes("frok", "EAGAIN"), "no page for 'frok': did you mean fork?"),
        (
            lambda: metadata.find(topic="evnts"),
            "find: topic: no topic is called 'evnts': did you mean events?",
        ),
        (lambda: metadata.find(topic="x"), "find: topic: no topic is called 'x'"),
        (lambda: metadata.find(depth="ful"), "find: depth: no depth is called 'ful': did you mean full?"),
        (
            lambda: metadata.find(depth="x"),
            "find: depth: no depth is called 'x'; there are full, generated and short",
        ),
        (lambda: metadata.find(kind="cal"), "find: kind: no kind is called 'cal': did you mean call?"),
        (
            lambda: metadata.find(takes="open_hwo"),
            "find: takes: no flag or structure is called 'open_hwo': did",
        ),
        (
            lambda: metadata.find(takes="MS_BNID"),
            "find: takes: no flag or structure is called 'MS_BNID': did you",
        ),
        (
            lambda: metadata.find(gives="EXDVE"),
            "find: gives: no errno is called 'EXDVE': did you mean EXDEV?",
        ),
        (
            lambda: metadata.find(denied_by="x"),
            "find: denied_by: no engine is called 'x'; there are docker and",
        ),
        (lambda: metadata.find(abi="arm46"), "no ABI named 'arm46': did you mean arm64"),
        (lambda: metadata.by_abi("arm46"), "no ABI named 'arm46': did you mean arm64"),
        (lambda: metadata.by_number(1, "arm46"), "no ABI named 'arm46': did you mean arm64"),
    ],
    ids=itertools.count(),
)
def test_a_word_that_names_nothing_is_refused(ask: Callable[[], object], text: str) -> None:
    """An empty result would look like an answer."""
    with pytest.raises(LookupError) as caught:
        ask()
    assert str(caught.value).startswith(text)


def test_every_word_of_the_pages_can_be_asked_for() -> None:
    """What find() takes is what the pages have, and what the command line offers."""
    pages = metadata.pages.values()
    assert {one.kind for one in pages} == set(query.KINDS)
    assert {one.depth for one in pages} <= set(query.DEPTHS)
    for symbol in CLASSES:
        metadata.by_errno(symbol)
    assert {word for one in pages for word in (*one.documented, *load.explained(one.name))} <= {*CLASSES}
    for option, words in ("kind", query.KINDS), ("depth", query.DEPTHS), ("denied-by", query.ENGINES):
        for word in words:
            parser.build().parse_args(["list", f"--{option}", word])


def test_find() -> None:
    """Every condition narrows what is found."""
    every = metadata.find()
    assert every == tuple(metadata.pages.values())
    new = metadata.find(since="6.8", abi="aarch64")
    assert metadata.page("listmount") in new and metadata.page("fork") not in metadata.find(abi="aarch64")
    assert metadata.find(kind="removed") and all(
        one.kind == "removed" for one in metadata.find(kind="removed")
    )
    assert metadata.page("bpf") in metadata.find(denied_by="docker")
    assert metadata.page("read") not in metadata.find(denied_by="docker")
    assert metadata.page("epoll_ctl") in metadata.find(takes="EpollEvents", depth="full")
    assert metadata.page("epoll_ctl") not in metadata.find(takes="EpollEvents", depth="short")
    assert metadata.find(takes="EPOLLIN", gives="EEXIST", topic="events") == (metadata.page("epoll_ctl"),)
    unexplained = [
        (page, set(page.documented) - set(load.explained(page.name))) for page in metadata.pages.values()
    ]
    page, only_in_manuals = next(one for one in unexplained if one[1])  # an errno without a cause on the page
    assert page in metadata.find(gives=min(only_in_manuals))
    for name in ("topic", "depth", "kind", "since", "denied_by", "takes", "gives"):
        with pytest.raises(TypeError, match=f"^find: {name} must be a str, not list$"):
            metadata.find(**{name: []})  # type: ignore[arg-type]  # wrong on purpose
    with pytest.raises(TypeError, match=r"^by_number: number must be an int, not str$"):
        metadata.by_number("257")  # type: ignore[arg-type]  # wrong on purpose
    assert metadata.search("\ud800") == metadata.terms("open \udcff")[:0] == ()


@pytest.mark.parametrize(
    ("flag", "takes", "takes_not"),
    [
        ("AT_REMOVEDIR", "unlinkat", "execveat fchownat statx"),
        ("MSG_CMSG_CLOEXEC", "recvmsg", "send sendmsg recv"),
        ("CLONE_INTO_CGROUP", "clone3", "clone setns unshare"),
        ("MS_PRIVATE", "mount mount_setattr", "unlinkat"),
        ("MS_NOATIME", "mount", "mount_setattr statmount"),
        ("O_TRUNC", "openat openat2", "dup3 pipe2 fcntl mq_open mq_getsetattr"),
        ("F_SEAL_WRITE", "fcntl", "memfd_create"),
        ("IPC_NOWAIT", "msgsnd msgrcv semop", "msgget semget"),
        ("AT_RECURSIVE", "open_tree mount_setattr", "statx"),
    ],
)
def test_members_that_some_calls_take(flag: str, takes: str, takes_not: str) -> None:
    """Of the calls that share a class only those that take a member are found by it and show it."""
    found = {one.name for one in metadata.find(takes=flag)}
    assert set(takes.split()) <= found and not set(takes_not.split()) & found
    for name in takes_not.split():
        groups = generated.flags(metadata.page(name))
        assert flag not in {member for group in groups for member, _ in group.items}, name


def test_causes() -> None:
    """causes() gives each reason of one call for one errno, by symbol or number; () where none is known."""
    causes = metadata.causes("fork", "EAGAIN")
    assert len(causes) > 1
    assert {cause.errno for cause in causes} == {"EAGAIN"}
    assert any("pids.max" in cause.when + cause.look for cause in causes)
    assert metadata.causes("fork", errno.EAGAIN) == causes
    assert metadata.causes("fork", "ENOTBLK") == ()


# What the tables say, in words.


@pytest.mark.parametrize(
    ("name", "engine", "state"),
    [
        ("fork", "docker", "Allowed."),
        ("fork", "podman", "Allowed."),
        (
            "clone3",
            "docker",
            "Allowed with CAP_SYS_ADMIN; otherwise refused with ENOSYS.",
        ),
        ("chroot", "docker", "Allowed with CAP_SYS_CHROOT; otherwise refused with EPERM."),
        ("add_key", "podman", "Refused with ENOSYS: the profile does not name it."),
        (
            "clone",
            "docker",
            (
                "Allowed with CAP_SYS_ADMIN; otherwise allowed if flags has no CLONE_NEW* flag except on s390"
                " or s390x; otherwise allowed if flags has no CLONE_NEW* flag on s390 or s390x; otherwise"
                " refused with EPERM."
            ),
        ),
        ("setns", "podman", "Allowed."),
        ("bpf", "docker", "Allowed with CAP_SYS_ADMIN or CAP_BPF; otherwise refused with EPERM."),
        ("bpf", "podman", "Allowed with CAP_SYS_ADMIN or CAP_BPF; otherwise refused with EPERM."),
        (
            "ptrace",
            "docker",
            "Allowed from Linux 4.8 on; allowed with CAP_SYS_PTRACE; otherwise refused with EPERM.",
        ),
    ],
)
def test_profiles(name: str, engine: str, state: str) -> None:
    """A profile's rules are shown in order, with their conditions, and with what happens otherwise."""
    assert metadata.page(name).profiles[engine].text == state


def test_conditions_of_several_capabilities() -> None:
    """A rule holds with all the capabilities that it includes, and without any of those it excludes."""
    both: dict[str, tuple[str, ...]] = {"caps": ("CAP_A", "CAP_B")}
    with_both = profiles.Rule("allow", "", (), both, {})
    with_neither = profiles.Rule("allow", "", (), {}, both)
    assert " ".join(profiles._words("x", with_both)) == "allowed with CAP_A and CAP_B"
    assert " ".join(profiles._words("x", with_neither)) == "allowed without CAP_A and CAP_B"
    for capabilities in (), ("CAP_A",), ("CAP_A", "CAP_B"):
        assert with_both.holds(capabilities, "amd64", "7.2") is (len(capabilities) == 2)
        assert with_neither.holds(capabilities, "amd64", "7.2") is (not capabilities)


@pytest.mark.parametrize(
    ("name", "engine", "capabilities", "more", "answer"),
    [
        ("fork", "docker", (), {}, True),
        ("unshare", "docker", (), {}, False),
        ("unshare", "docker", ("CAP_SYS_ADMIN",), {}, True),
        ("unshare", "podman", (), {}, True),
        ("setns", "docker", (), {}, False),
        ("setns", "podman", (), {}, True),
        ("bpf", "docker", ("CAP_BPF",), {}, True),
        ("bpf", "podman", ("CAP_BPF",), {}, True),
        ("bpf", "podman", (), {}, False),
        ("clone", "docker", ("CAP_SYS_ADMIN",), {}, True),
        ("clone", "podman", (), {}, True),
        ("clone3", "docker", (), {}, False),
        ("ptrace", "docker", (), {"kernel": "4.4"}, False),
        ("ptrace", "docker", (), {"kernel": "4.19"}, True),
        ("modify_ldt", "docker", (), {"arch": "x86_64"}, True),
        ("modify_ldt", "docker", (), {"arch": "aarch64"}, False),
        ("add_key", "podman", (), {}, False),
    ],
)
def test_what_a_profile_allows(
    name: str, engine: str, capabilities: tuple[str, ...], more: dict[str, str], answer: bool
) -> None:
    assert profiles.allowed(name, engine, capabilities, **more) is answer


def test_what_a_profile_allows_by_argument() -> None:
    for arch, index in ("x86_64", 0), ("s390x", 1):
        found = profiles.allowed("clone", "docker", arch=arch)
        assert isinstance(found, tuple)
        test, otherwise = found
        assert test.arguments == ((index, "masked_eq", 0x7E020000, 0),)
        assert (test.action, otherwise.action, otherwise.errno) == ("allow", "errno", "EPERM")
    for engine, symbol in ("docker", "EPERM"), ("podman", "ENOSYS"):
        found = profiles.allowed("personality", engine)
        assert isinstance(found, tuple)
        assert [rule.arguments[0].value for rule in found[:-1]] == [0, 8, 0x20000, 0x20008, 0xFFFFFFFF]
        assert found[-1].errno == symbol


def test_the_rules_of_a_profile() -> None:
    assert profiles.rules("setns", "podman") == (profiles.Rule("allow", "", (), {}, {}),)
    assert [rule.errno for rule in profiles.rules("clone3", "docker")] == ["", "ENOSYS"]
    assert profiles.rules("add_key", "docker") == ()
    assert profiles.default("docker").errno == "EPERM"
    assert "moby" in profiles.source("docker") and "containers" in profiles.source("podman")


def test_profiles_of_every_call() -> None:
    """Every call has a state in every profile, and what is not a call has none."""
    for page in metadata.pages.values():
        assert len(page.profiles) == (2 if page.numbers else 0), page
    assert "ENOSYS if its number" in metadata.page("add_key").profiles["docker"].text


def test_signatures_where_they_differ() -> None:
    """Each definition comes once, the usual one first, with the ABIs where it holds."""
    signatures = metadata.page("clone").signatures
    assert "x86_64" in signatures[0].abis
    assert len({signature.prototype for signature in signatures}) == len(signatures) == 4
    (backwards,) = [s for s in signatures if s.prototype.startswith("long clone(unsigned long newsp")]
    assert backwards.abis == ("s390x",)
    stated = [abi for signature in signatures for abi in signature.abis]
    assert sorted(stated) == sorted(set(metadata.page("clone").numbers) - {"ppc_spu"})
    execve, *_ = metadata.page("execve").signatures
    assert execve.prototype == (
        "long execve(const char *filename, const char *const *argv, const char *const *envp)"
    )
    assert metadata.page("killpg").signatures == ()


@pytest.mark.parametrize(
    ("name", "function", "header", "macro", "since", "prototype"),
    [
        ("fork", "fork", "unistd.h", "", "2.0", "pid_t fork(void)"),
        ("setns", "setns", "sched.h", "_GNU_SOURCE", "2.14", "int setns(int fd, int nstype)"),
        ("pidfd_open", "pidfd_open", "sys/pidfd.h", "", "2.36", ""),
        ("mknod", "mknod", "sys/stat.h", "", "2.0", ""),  # an inline function until 2.33
        ("newfstatat", "fstatat", "sys/stat.h", "", "2.4", ""),
        ("syslog", "klogctl", "sys/klog.h", "", "2.0", "int klogctl(int type, char *bufp, int len)"),
        (
            "bind",
            "bind",
            "sys/socket.h",
            "",
            "2.0",
            "int bind(int fd, const struct sockaddr *addr, socklen_t len)",
        ),
        ("killpg", "killpg", "signal.h", "", "2.0", "int killpg(pid_t pgrp, int sig)"),
    ],
)
def test_the_c_librarys_function(
    name: str, function: str, header: str, macro: str, since: str, prototype: str
) -> None:
    """A call's function, which may have another name, with what a program must include."""
    found = metadata.page(name).libc
    assert found is not None
    assert found == (function, header, macro, since, prototype or found.prototype)
    assert json.loads(json.dumps(metadata.page(name).as_dict()))["libc"]["prototype"] == found.prototype


def test_without_a_function_of_the_c_library() -> None:
    """Some calls have none, and some names are of another function."""
    for name in "futex", "gettid", "exit", "readdir", "clone3", "arc_gettls", "intro":
        assert (metadata.page(name).libc is None) is (name != "gettid"), name
    assert f"glibc {load.libc_version()} declares no function for it" in render.plain("futex")
    assert "syscall(SYS_futex, ...);" in render.plain("futex")
    assert "SYS_" not in render.plain("arc_gettls")  # whose headers were not looked at


def test_functions_of_the_c_library_exist() -> None:
    """A glibc of that version or a later one has every function."""
    library, version = libc_ver()
    if library != "glibc":
        pytest.skip("the C library is not glibc")
    loaded = CDLL(None)
    lacking = [
        page.libc.name
        for page in metadata.by_abi()
        if page.libc and not hasattr(loaded, page.libc.name)
        if load.version_key(page.libc.since) <= load.version_key(version)
    ]
    assert lacking == []


def test_a_declaration_compiles(tmp_path: Path) -> None:
    """Each function is declared as its page shows it, where this machine's headers have it."""
    compiler = shutil.which("cc")
    (tmp_path / "glibc.c").write_text("#include <gnu/libc-version.h>\n")
    if (
        compiler is None
        or subprocess.run([compiler, "-fsyntax-only", tmp_path / "glibc.c"], check=False).returncode
    ):
        pytest.skip("needs a C compiler and glibc's headers")
    for name in "fork", "setns", "accept4", "wait4", "mq_timedreceive", "signalfd4", "ptrace":
        code = next(
            block.text
            for section in render.sections(metadata.page(name))
            if section.title == "CALL"
            for block in section.blocks
            if isinstance(block, render.Code) and "#include" in block.text
        )
        (tmp_path / "page.c").write_text(code)
        subprocess.run([compiler, "-Werror", "-fsyntax-only", tmp_path / "page.c"], check=True)


def test_functions_stand_in_the_manuals_section() -> None:
    """What is a function of the C library only is in the section under which the manual refers to it."""
    sections: dict[str, set[str]] = {}
    for page in metadata.pages.values():
        for name, section in re.findall(r"(\w+)\((\d)\)", " ".join(page.see_also)):
            sections.setdefault(name, set()).add(section)
    assert sections["killpg"] == {"3"}
    functions = [page for page in metadata.pages.values() if page.kind in ("library", "wrapper")]
    wrong = [
        page for page in functions if str(page.section) not in sections.get(page.name, str(page.section))
    ]
    assert not wrong


def test_how_python_makes_a_call() -> None:
    """By a function of pysys where there is one, by pysys.calls, or not, which is explained."""
    assert load.python_call("fork") == "pysys.fork(*, entry='libc')"
    assert load.python_call("openat2") == "calls.openat2(dfd, filename, how, usize)"
    assert load.python_call("syscall").startswith("pysys.syscall(call, /, *args")
    assert load.python_call("rt_sigreturn").startswith("# pysys does not make rt_sigreturn: ")
    assert load.python_call("killpg") == ""
    for name in load.names():
        if load.python_call(name).startswith("calls."):
            assert name in dir(calls), name
    assert load.python_call("or1k_atomic") == 'pysys.syscall("or1k_atomic", type, v1, v2)'
    assert load.python_call("usr26").startswith("# it changes the processor's mode")
    text = render.plain("clone").partition("CALL")[2]
    assert "pysys.clone(flags=0, *, exit_signal=SIGCHLD" in text
    assert max(map(len, text.partition("AT A GLANCE")[0].splitlines())) <= 68 + 8


def test_life() -> None:
    """Removal, an earlier name and a few architectures are shown where the tables know them."""
    assert "Linux 2.2. Named pread until 2.6." in render.plain("pread64")
    assert metadata.page("pread64").see_also
    assert "Linux 2.2. Removed in 3.1." in render.plain("nfsservctl")
    assert "On arc only." in render.plain("arc_gettls")
    assert metadata.page("io_setup").optional
    assert not metadata.page("fork").optional


def test_what_is_gone_has_no_errors_today(monkeypatch: pytest.MonkeyPatch) -> None:
    """A call that is gone, or never was, gives ENOSYS; what manuals say was true of old kernels."""
    with monkeypatch.context() as alone:
        text = render.plain(unwritten(alone, "idle"))
    assert "ENOSYS\n        There is nothing behind the number any more." in text
    assert "On kernels that had it, in general:\n\n    EPERM" in text
    assert "ENOSYS\n        Always: " in render.plain("vserver")
    for name in load.names():
        if load.kind(name)[0] in ("never", "removed") and load.depth(name) != "full":
            text = render.plain(name)
            assert ("ENOSYS" in text) or not metadata.page(name).numbers, name
            assert "    In general:" not in text, name


def test_profiles_of_a_function() -> None:
    """On the page of a C function a profile's rules are said to be about the call of that name, and where."""
    assert re.search(
        r"Docker +Of the call on (armoabi, mips_o32|mips_o32, armoabi): ", render.plain("syscall")
    )
    assert "Of the call" not in render.plain("fork")


def test_empty_numbers() -> None:
    """A number with nothing behind it is said to be one, unless the kernel serves it before its table."""
    assert metadata.page("osf_plock").kind == "never"
    assert "the answer is ENOSYS" in render.plain("osf_plock")
    assert "the answer is ENOSYS" not in render.plain("xtensa")
    assert "the answer is ENOSYS" not in render.plain("uselib")  # removed, but its entry point is still named
    assert "the answer is ENOSYS" not in render.plain("fork")


# Text.


def test_sections_in_order() -> None:
    """A full page has its sections in the order of use; long lists of flags come behind the errors."""
    titles = [section.title for section in render.sections(metadata.page("fork"))]
    assert titles == [
        "NAME",
        "CALL",
        "AT A GLANCE",
        "DESCRIPTION",
        "KEPT AND CHANGED",
        "RETURN VALUE",
        "ERRORS",
        "EXAMPLE",
        "PITFALLS",
        "HISTORY",
        "SECCOMP AND CONTAINERS",
        "SECURITY AND OBSERVABILITY",
        "ARCHITECTURES",
        "CONFORMING TO",
        *(["PROVOKE IT"] if any(cause.provoke for cause in metadata.page("fork").errors) else []),
        "RELATED",
    ]
    titles = [section.title for section in render.sections(metadata.page("openat2"))]
    assert titles.index("PARAMETERS") < titles.index("STRUCTURE open_how") < titles.index("DESCRIPTION")
    assert titles.index("FLAGS ResolveFlags") < titles.index("ERRORS")
    titles = [section.title for section in render.sections(metadata.page("epoll_ctl"))]
    assert titles.index("ERRORS") < titles.index("FLAGS EpollEvents") < titles.index("EXAMPLE")


def test_page_with_facts_of_the_package() -> None:
    """Structures, flags and configuration come from the package; what a page lists elsewhere is named."""
    text = render.plain("openat2")
    assert "RESOLVE_BENEATH\n        Stay below the directory" in text
    assert "listed on the page of openat" in text and "O_NOCTTY\n" not in text
    assert re.search(r"resolve\n +RESOLVE_\* bits.*flags\.ResolveFlags", text)
    assert "a kernel with CONFIG_EPOLL" in " ".join(render.plain("epoll_ctl").split())
    assert "calls.openat2(dfd, filename, how, usize" in " ".join(text.split())


def test_what_overviews_list() -> None:
    """Overviews list what is known today, which nobody keeps up by hand."""

    def rows(name: str) -> dict[str, tuple[str, ...]]:
        listing = metadata.page(name).listing
        assert listing is not None and all(len(row) == len(listing.columns) for row in listing.rows)
        assert re.search(rf"\nLIST\n    ({listing.columns[0]}|{listing.rows[0][0]})\s", render.plain(name))
        assert json.loads(json.dumps(metadata.page(name).as_dict()))["listing"]["rows"]
        return {row[0]: row[1:] for row in listing.rows}

    own = next(iter(load.family()), "x86_64")
    calls_ = rows("syscalls")
    assert set(numbers.table(own)) & {page.name for page in metadata.find(kind="call")} <= set(calls_)
    assert list(calls_["openat2"]) == [str(numbers.number("openat2", own)), "5.6"]
    assert "vserver" in rows("unimplemented") and "read" not in rows("unimplemented")
    assert "map_shadow_stack" in rows("undocumented")
    assert not {"read", "clock_gettime64", "chown32", "io_uring_enter"} & set(rows("undocumented"))
    obsolete = rows("obsolete")
    assert (obsolete["open"][0], obsolete["pipe"][0], obsolete["waitpid"][0]) == ("openat", "pipe2", "wait4")
    assert {"uselib", "fork", "alarm"} <= set(obsolete)
    assert not {"openat", "getuid32", "mmap2", "arch_prctl", "clone3"} & set(obsolete)
    requests = rows("ioctl_list")
    assert requests["FIGETBSZ"][1:] == ("int, written", "linux/fs.h")
    assert requests["TIOCGPTN"][1:] == ("unsigned int, written", "asm/ioctls.h")
    assert metadata.page("fork").listing is None


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("openat2", "old kernel openat(dfd, filename, how.flags, how.mode) if how has no resolve flags"),
        ("open", "in its place openat(AT_FDCWD, filename, flags, mode)"),
        ("read", "signal made again, but not on a socket with SO_RCVTIMEO"),
        ("close", "signal not made again: EINTR is an answer"),
        ("clock_nanosleep", "signal made again, but not without TIMER_ABSTIME"),
        ("futex", "signal made again, but not with utime"),
    ],
)
def test_what_becomes_of_a_call(name: str, words: str) -> None:
    """At a glance: what pysys makes instead, on an ABI and a kernel without it, and after a signal."""
    assert words in " ".join(render.plain(name).split())


def test_causes_by_errno() -> None:
    """An errno stands once above its causes."""
    errors = next(one for one in render.sections(metadata.page("epoll_ctl")) if one.title == "ERRORS")
    (items,) = (block for block in errors.blocks if isinstance(block, render.Items))
    terms = [term for term, _ in items.items]
    assert terms.count("EINVAL") == 1
    at = terms.index("EINVAL")
    assert items.items[at][1] == "" and terms[at + 1 : at + 3] == ["", ""]


def test_causes_of_another_call() -> None:
    """What a page does not explain itself is explained as for the other call."""
    page = metadata.page("open_tree_attr")
    own = len(page.text["errors"])
    assert page.errors_of == "open_tree"
    assert page.errors[own:] == metadata.page("open_tree").errors


def test_causes_of_another_call_that_do_not_hold() -> None:
    """A page leaves out an errno, or a single cause by the beginning of its text."""
    other = {"errno": "EINVAL", "when": "A bit that\nis not known."}, {"errno": "EINVAL", "when": "No size."}
    last = {"errno": "EPERM", "when": "A bit that needs root."}
    pages: dict[str, Any] = {"one": {"errors": [*other, last]}, "two": {"errors_of": "one"}}

    def left(*errors_not: str) -> list[str]:
        pages["two"]["errors_not"] = list(errors_not)
        return [cause["when"][:2] for cause in build_reference.causes("two", pages)]

    assert left() == ["A ", "No", "A "]
    assert left("EINVAL") == ["A "]
    assert left("EINVAL: A bit that is") == ["No", "A "]
    assert left("EINVAL: A bit", "EPERM") == ["No"]
    assert left("EINVAL: bit") == ["A ", "No", "A "]


def test_what_is_left_out_is_in_the_index(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page and the index agree about what it inherits, when single causes are left out."""
    first = metadata.page("openat").errors[0]
    entry = f"{first.errno}: {' '.join(first.when.split())}"
    texts = {"openat": dict(metadata.page("openat").text)}
    texts["other"] = {"errors_of": "openat", "errors_not": [entry]}
    read = load.text
    monkeypatch.setattr(load, "text", lambda name: texts.get(name) or read(name))
    page = Page("other")
    assert [(one.errno, one.when) for one in page.errors] == [
        (one["errno"], one["when"].strip()) for one in build_reference.causes("other", texts)
    ]
    assert page.errors == metadata.page("openat").errors[1:]


def test_what_a_page_denies_of_a_manual(monkeypatch: pytest.MonkeyPatch) -> None:
    """An errno in `errors_not` is nowhere among those that manuals name, unless the page explains it."""
    first, second, *others = load.documented("cachestat")
    assert others
    text = {"errors_not": [first, second, others[0]], "errors": [{"errno": second, "when": "It is so."}]}
    read = load.text
    monkeypatch.setattr(load, "text", lambda name: text if name == "cachestat" else read(name))
    monkeypatch.setattr(load, "explained", lambda name: ())
    page = Page("cachestat")
    assert page.documented == (second, *others[1:])
    words = render.plain(page).split()
    assert {second, *others[1:]} <= {*words} and not {first, others[0]} & {*words}
    assert metadata.page("cachestat") in metadata.find(gives=others[1])
    assert metadata.page("cachestat") not in metadata.find(gives=first)


def test_meanings_in_general(monkeypatch: pytest.MonkeyPatch) -> None:
    """An errno of which the page has no cause shows what it means in general, and says so."""
    text = render.plain(unwritten(monkeypatch, "cachestat"))
    assert "In general:" in text
    assert load.meaning("EFAULT") in " ".join(text.split())


@pytest.mark.once
@pytest.mark.parametrize("name", sorted(load.written()))
def test_text_has_every_word(name: str) -> None:
    """Nothing that a page's file says is lost in the text."""
    text = " ".join(render.plain(name).split())
    for where, prose in schema.texts(metadata.page(name).text):
        if not re.match(
            r"kind|topics|example\.(strace|needs)|errors\[\d+\]\.(needs|only|unproven)|errors_of|errors_not|elsewhere|variant_of|differs",
            where,
        ):
            for paragraph in prose.split("\n\n"):
                words = " ".join(paragraph.replace("`", "").split())
                assert words.partition(": CLONE_NEW")[0] in text, where


@pytest.mark.parametrize("width", [60, 80, 120])
def test_text_keeps_its_width(width: int) -> None:
    """Prose is wrapped at the width that was asked for; only code may be longer."""
    for section in render.sections(metadata.page("fork")):
        prose = tuple(block for block in section.blocks if not isinstance(block, render.Code))
        text = render.lay_out((section._replace(blocks=prose),), width)
        assert max(len(line) for line in text.splitlines()) <= width


def test_prototypes_keep_their_width() -> None:
    """No prototype is wider than code may be, but for one whose name and first parameter are."""
    wide = [
        (page.name, line)
        for page in metadata.pages.values()
        for section in render.sections(page)
        if section.title == "CALL"
        for block in section.blocks
        if isinstance(block, render.Code)
        for line in block.text.splitlines()
        if len(line) > render.CODE
    ]
    assert {name for name, _ in wide} <= {"landlock_create_ruleset"}, wide


def test_architectures(monkeypatch: pytest.MonkeyPatch) -> None:
    """The table starts with this process's family, groups what is equal, and names the ABIs without it."""
    monkeypatch.setattr(load, "family", lambda: ("i386", "x86_64", "x32"))
    page = metadata.page("fork")
    shown = render.sections(page, all_abis=True)
    table, lacking, *_ = next(s for s in shown if s.title == "ARCHITECTURES").blocks
    assert isinstance(table, render.Table)
    assert isinstance(lacking, render.Text)
    assert table.rows[:3] == (
        ("2", "sys_fork", "i386"),
        ("57", "sys_fork", "x86_64"),
        (str(0x40000000 + 57), "sys_fork", "x32"),
    )
    grouped = next(row for row in table.rows if "s390x" in row[2])
    assert grouped[0] == "2"
    assert "ppc64" in grouped[2]
    assert "aarch64" in lacking.text
    assert "riscv64" in lacking.text
    assert "x86_64" not in lacking.text
    assert {abi for row in table.rows for abi in row[2].split(", ")} == set(page.numbers)


def test_errno_text() -> None:
    """The text of an errno has its numbers and the causes of every page, under the page's name."""
    text = render.errno("EAGAIN")
    assert re.search(r"^fork$", text, re.MULTILINE)
    assert "pids.max" in text
    assert re.search(r"^ +35 +alpha$", text, re.MULTILINE)
    assert load.errno_values("EAGAIN") == {"generic": 11, "alpha": 35}


def test_libseccomp_compiles(tmp_path: Path) -> None:
    """The generated snippet is C that a compiler takes without a warning."""
    compiler = shutil.which("cc")
    if compiler is None or not os.path.exists("/usr/include/seccomp.h"):
        pytest.skip("needs a C compiler and libseccomp's header")
    source = tmp_path / "deny.c"
    for names in ("fork", "vfork", "clone", "clone3"), ("unshare: CLONE_NEW", "clone: CLONE_NEW", "clone3"):
        source.write_text(render.libseccomp(names))
        subprocess.run([compiler, "-Wall", "-Wextra", "-Werror", "-fsyntax-only", source], check=True)


def test_libseccomp_lets_libraries_fall_back() -> None:
    """clone3 is answered with ENOSYS, at which C libraries try clone; everything else with EPERM."""
    text = render.libseccomp(("clone", "clone3"))
    assert "{SCMP_SYS(clone), EPERM}," in text
    assert "{SCMP_SYS(clone3), ENOSYS}," in text


@pytest.mark.parametrize("name", ["clone", "setns", "unshare"])
def test_libseccomp_lets_threads_be_made(name: str) -> None:
    """Where namespaces are denied, clone is with their flags only; where processes are, altogether."""
    text = render.plain(name)
    assert "{SCMP_SYS(clone), CLONE_FLAGS}," in text and "{SCMP_SYS(clone), EPERM}," not in text
    assert "{SCMP_SYS(clone3), ENOSYS}," in text
    assert "#define CLONE_FLAGS 1" in text  # on s390
    flags_ = re.search(r"flags\[\] = \{(.*?)\}", text, re.DOTALL)
    assert flags_ is not None
    listed = set(re.findall(r"\w+", flags_[1]))
    assert sum(getattr(flags, word) for word in listed) == 0x7E020000
    assert max(len(line) for line in render.libseccomp(("clone: CLONE_NEW", "tkill")).splitlines()) <= 72
    assert "{SCMP_SYS(clone), EPERM}," in render.plain("fork")


# help().


def example() -> None:
    """example(2): the short text.

    More of it.
    """


def test_help_shows_the_page() -> None:
    """help() shows the short text and then the page; everybody else sees the short text."""
    short = example.__doc__
    assert short is not None
    decorated = documented("fork")(example)
    assert decorated.__doc__ == short
    assert isinstance(decorated.__doc__, PageDoc)
    shown = re.sub(" +$", "", pydoc.plain(pydoc.render_doc(decorated)), flags=re.MULTILINE)
    assert "example(2): the short text.\n\n    More of it.\n\n    NAME\n        fork(2) - " in shown
    for line in render.plain("fork", 76).splitlines():
        assert line in shown
    assert pickle.loads(pickle.dumps(decorated.__doc__)).page == "fork"


def test_the_sentence_about_errors() -> None:
    """documented_call takes the function's name, and adds the sentence that all calls would repeat."""

    def read() -> None:
        """read(2): the short text.

        Raises: EAGAIN if there is nothing to read,
        EINVAL.

        Since Linux 1.0.
        """

    def write() -> None:
        """write(2): the short text.

        fd: a descriptor,
            or None.

        Since Linux 1.0. Much
        of it.
        """

    def kexec_load() -> None:
        """kexec_load(2): the short text."""

    raises = "Raises the documented errors of {} (pysys.errors)".format
    assert inspect.cleandoc(str(documented_call(read).__doc__)) == (
        f"read(2): the short text.\n\n{raises('read')}: EAGAIN if there is nothing to read, EINVAL."
        "\n\nSince Linux 1.0."
    )
    assert inspect.cleandoc(str(documented_call(write).__doc__)) == (
        "write(2): the short text.\n\nfd: a descriptor,\n    or None.\n\n"
        f"{raises('write')}. Since Linux 1.0. Much of it."
    )
    assert (
        str(documented_call(kexec_load).__doc__)
        == f"kexec_load(2): the short text.\n\n{raises('kexec_load')}."
    )
    assert "kexec_file_load" in pydoc.plain(pydoc.render_doc(kexec_load))


def test_help_of_an_errno() -> None:
    """help() of an exception class shows which calls give it why."""

    @documented("EAGAIN")
    class AgainError(BlockingIOError):
        """EAGAIN: try again."""

    shown = pydoc.plain(pydoc.render_doc(AgainError))
    assert "EAGAIN: try again." in shown
    assert "pids.max" in shown


def test_help_without_the_page(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """help() falls back on the short text when the page is unknown, missing or damaged."""
    assert PageDoc("short", "nosuchpage").expandtabs() == "short"
    with monkeypatch.context() as patch:
        damage(patch, tmp_path, b"0000000005hello")
        assert PageDoc("  short\n    more\n", "fork").expandtabs() == "short\nmore"
    assert "PITFALLS" in PageDoc("short", "fork").expandtabs()


def damage(patch: pytest.MonkeyPatch, folder: Path, reference: bytes) -> None:
    """Have the reference read from a file with this content, as if nothing were read yet."""
    (folder / "reference.bin").write_bytes(reference)
    patch.setattr(load, "REFERENCE", str(folder / "reference.bin"))
    patch.setattr(load, "_reference", load._reference.__wrapped__)
    patch.setattr(load, "_texts", {})


def spoiled() -> Iterator[tuple[str, bytes]]:
    """The file of the reference with damages of each kind."""
    good = Path(load.REFERENCE).read_bytes()
    start = load.DIGITS + int(good[: load.DIGITS])
    offset, length, *_ = load._reference()[0]["fork"].split("\t")
    first, last = start + int(offset), start + int(offset) + int(length)
    yield "empty", b""
    yield "no length", b"hello"
    yield "no index", good[:1000]
    yield "an index of bytes", b"0000000001\xff"
    yield "an index of names", b"0000000010fork\n\nmore" + b"\0" * 9
    yield "an index without numbers", b"0000000017fork\nx\ty\n\nmore\nx" + b"\0" * 9
    yield "cut off", good[: first + 9]
    yield "other bytes", good[: first + 9] + b"\0" * 9 + good[first + 18 :]
    for text in ("", "s", "d1", "d1\0summary", "l1\0d0", "x", "dx", "d1\0summary\0", "d0\0s"):
        packed = zlib.compress(text.encode())
        yield repr(text), good[:first] + packed.ljust(int(length), b"\0") + good[last:]


@pytest.mark.parametrize("name", [name for name, _ in spoiled()])
def test_a_damaged_reference(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Whatever is wrong with the file, it is said, and help() and errors do without it."""
    damage(monkeypatch, tmp_path, dict(spoiled())[name])
    with pytest.raises(ValueError, match=r"^the reference is damaged: "):
        metadata.page("fork").description  # noqa: B018  # the page is read
    assert PageDoc("short", "fork").expandtabs() == "short"
    assert error(errno.EAGAIN, "fork").causes == ()


@pytest.mark.parametrize("size", [0, 5, 100, 5000])
def test_damaged_words(size: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A database that sqlite cannot read is not an error of sqlite's."""
    (tmp_path / "search.sqlite").write_bytes(Path(load.SEARCH).read_bytes()[:size].ljust(8192, b"x"))
    monkeypatch.setattr(load, "SEARCH", str(tmp_path / "search.sqlite"))
    monkeypatch.setattr(load, "_words", load._words.__wrapped__)
    with pytest.raises(ValueError, match=r"^the words of the reference cannot be searched: "):
        metadata.search("fork")


# Costs and directions.


def test_its_import_is_light() -> None:
    """Importing the package and documenting a function reads no page and loads nothing of weight."""
    loaded = loaded_by(
        "import pysys.metadata; from pysys.doc import documented; documented('fork')(lambda: None)"
    )
    assert {name for name in loaded if name.startswith("pysys")} <= {
        "pysys",
        "pysys.loading",
        "pysys.metadata",
        "pysys.doc",
    }
    assert not loaded & HEAVY


@pytest.mark.parametrize(
    "use",
    [
        'metadata.page("openat2").as_dict',
        'metadata.page("openat2").description',
        'metadata.causes("openat", "EINVAL")',
        'metadata.by_errno("EXDEV"), metadata.since("6.0"), metadata.find(topic="memory")',
        "[page.text for page in metadata.pages.values()]",
    ],
)
def test_a_page_takes_no_heavy_module_along(use: str) -> None:
    """What a page and the causes of an error need is light to load."""
    loaded = loaded_by(f"from pysys import metadata; {use}")
    assert "pysys.metadata.model" in loaded
    assert not loaded & HEAVY


def test_no_extension_needed() -> None:
    """Pages, queries, text and JSON work where the extension was never built."""
    code = """
import sys
sys.modules["pysys._ffi"] = sys.modules["pysys._native"] = None
from pysys import metadata
from pysys.metadata import render
print(render.plain("epoll_ctl"))
metadata.page("fork").as_dict(), metadata.by_errno("EAGAIN"), metadata.search("fork"), metadata.since("5.3")
"""
    written = python(code)
    # How Python makes the call, and its structures, are the extension's.
    titles = [one.title for one in render.sections(metadata.page("epoll_ctl"))]
    assert len(titles) > 8
    lacking = [title for title in titles if f"\n{title}\n" not in f"\n{written}"]
    assert lacking in ([], ["STRUCTURE epoll_event", "FLAGS EpollEvents"], ["STRUCTURE epoll_event"])


# The schema.


def test_schema_accepts() -> None:
    """A good page has no complaints."""
    assert schema.check("fork", "process", GOOD) == []


def put(*keys: Any, value: Any = None) -> Callable[[dict[str, Any]], None]:
    """A mistake: set a value, or remove it if it is None."""

    def change(page: dict[str, Any]) -> None:
        *path, last = keys
        place: Any = page
        for key in path:
            place = place[key]
        if value is None:
            del place[last]
        else:
            place[last] = value

    return change


@pytest.mark.parametrize(
    ("mistake", "complaint"),
    [
        (put("numbr", value=57), "numbr: unknown key"),
        (put("example", "output", value="x"), "example.output: unknown key"),
        (put("errors", 1, "why", value="x"), "errors[1].why: unknown key"),
        (put("description"), "description: missing"),
        (put("topics", value=["files"]), "topics: the first must be the folder's, 'process'"),
        (put("topics", value=["process", "fork"]), "topics: 'fork' is none of bpf, "),
        (put("summary"), "summary: missing"),
        (put("errors", 0, "when"), "errors[0].when: missing"),
        (put("section", value="2"), "section: must be a number, not '2'"),
        (put("section", value=True), "section: must be a number, not True"),
        (put("summary", value=3), "summary: must be text, not 3"),
        (put("summary", value="a\nb"), "summary: must be one line without space around it"),
        (put("summary", value="x" * 101), "summary: longer than 100 characters"),
        (put("security", value="A number."), "security: must be a table [security]"),
        (put("returns", value={"text": "x"}), "returns: must be text"),
        (put("errors", 0, "needs", value=["magic"]), "errors[0].needs: 'magic' is not a need that is known"),
        (put("errors", 0, "needs", value=["kernel<=6.1"]), "errors[0].needs: 'kernel<=6.1' is not a need"),
        (put("errors", 1, "needs", value=["root"]), "errors[1].needs: what lines need that are not there"),
        (put("example", "needs", value=["unprivileged"]), "example.needs: 'unprivileged' is not a need"),
        (put("errors", 1, "unproven", value="luck"), "errors[1].unproven: 'luck' is none of memory, "),
        (
            put("errors", 0, "unproven", value="memory"),
            "errors[0]: lines that provoke it, and why there are none",
        ),
        (
            put("errors", 0, "when", value="`fd` is closed, or is not a file."),
            "errors[0].when: ', or is' joins two reasons",
        ),
        (
            put("errors", 0, "when", value="The path is\nrelative or empty, and `dfd` is closed. So it is."),
            "errors[0].when: 'relative or empty' joins two reasons",
        ),
        (
            put("errors", 0, "when", value="A copy, and `old` or\n`new` leads nowhere."),
            "errors[0].when: '`old` or `new` leads' joins two reasons",
        ),
        (put("errors", 0, "provoke", value="calls.("), "errors[0].provoke: line 1: "),
        (put("errors_of", value="fork"), "errors_of: 'fork' is not another page"),
        (put("variant_of", value="vfork"), "differs: missing: how it differs"),
        (put("example", "python", value="x" * 69), "example.python: longer than 68 columns"),
        (put("example", "python", value="import ctypes"), "example.python: ctypes: pysys.structures"),
        (
            put("example", "python", value="calls.fsmount(3, 1)"),
            "example.python: fsmount: flags is the number 1, which has a name: FSMOUNT_CLOEXEC",
        ),
        (
            put("errors", 0, "provoke", value="syscall('openat', -100, 'x', flags=0x800)"),
            "errors[0].provoke: openat: flags is the number 2048, which has a name: O_NONBLOCK",
        ),
        (put("errors", value={"errno": "EPERM"}), "errors: must be tables [[errors]]"),
        (put("security", "observe", value="strace"), "security.observe: must be a list of strings"),
        (put("security", "observe", 0, value=""), "security.observe: is empty"),
        (put("description", value="   "), "description: is empty"),
        (put("description", value="an `open span"), "description: a backquote without its partner"),
        (put("description", value="see **this**"), "description: markup: pages have"),
        (
            put("description", value="text\n- point"),
            "description: a heading or list mark: pages have",
        ),
        (put("kind", value="macro"), "kind: 'macro' is none of call, wrapper, library"),
        (put("errors", 0, "errno", value="EFOO"), "errors[0].errno: Linux has no errno 'EFOO'"),
        (put("errors", 1, "when", value="A limit."), "errors[1]: EAGAIN a second time"),
        (
            put("history", "0.99", value="Before."),
            "history.0.99: stands behind a later one",
        ),
        (
            put("history", "2.x", value="Later."),
            "history.2.x: not a kernel version",
        ),
        (
            put("related", "vforkk", value="x"),
            "related.vforkk: nothing knows the name",
        ),
        (put("related", "fork", value="x"), "related.fork: the page itself"),
        (
            put("containers", "deny_together", 0, value="killpg"),
            "containers.deny_together[0]: no ABI has a call",
        ),
        (
            put("containers", "deny_together", 0, value="fork: CLONE_NEW"),
            "containers.deny_together[0]: 'fork: CLONE_NEW' is none of clone: CLONE_NEW, unshare: CLONE_NEW",
        ),
        (
            put("operations", value={"PR_X": ""}),
            "operations: PR_X: is empty",
        ),
        (
            put("security", "text", value="On i386 it has number 2."),
            "security.text: states the number 2",
        ),
        (put("example", "python", value="print("), "example.python: line 1: '(' was never closed"),
        (
            put("example", "strace", value="(fork"),
            "example.strace: missing ), unterminated subpattern",
        ),
    ],
)
def test_schema_complains(mistake: Callable[[dict[str, Any]], None], complaint: str) -> None:
    """Every mistake gets one complaint, which names the file, the key and what is wrong."""
    page = deepcopy(GOOD)
    mistake(page)
    (found,) = schema.check("fork", "process", page)
    assert found.startswith(f"fork.toml: {complaint}")


def test_schema_accepts_numbers() -> None:
    """Permissions in octal, zero, and numbers that are not flags have no better name."""
    code = "calls.openat(3, 'x', 0, 0o600)\ncalls.fsmount(1, 64)\nsyscall('read', 1, 2, 3)\nf(1)\n"
    assert schema.check("fork", "process", {**GOOD, "example": {**GOOD["example"], "python": code}}) == []


def test_schema_of_parameters() -> None:
    """What is said of a parameter is said of one that the kernel has."""
    page = {**GOOD, "parameters": {"flagz": "x"}, "related": {"fork": "x"}}
    (found,) = schema.check("unshare", "process", page)
    assert found == "unshare.toml: parameters.flagz: the kernel has unshare_flags"


@pytest.mark.parametrize(
    ("page", "complaint"),
    [
        ({"errors_of": "openat", "errors_not": ["ESRCH"]}, "errors_not: 'ESRCH' is not a cause of openat"),
        (
            {"errors_of": "openat", "errors_not": ["EINVAL: Nobody writes this"]},
            "errors_not: 'EINVAL: Nobody writes this' is not a cause of openat",
        ),
        ({"errors_of": "openat", "errors_not": ["EINVAL: "]}, "errors_not: 'EINVAL: ' are "),
        (
            {"errors": [{"errno": "EAGAIN", "when": "x"}], "errors_not": ["EAGAIN"]},
            "errors_not: 'EAGAIN' has a cause on this page",
        ),
        ({"errors_not": ["ECHILD"]}, "errors_not: 'ECHILD' is not a cause of another page"),
        ({"variant_of": "chown", "differs": "in all"}, "variant_of: 'chown' is a variant itself"),
    ],
)
def test_schema_of_causes_left_out(page: dict[str, Any], complaint: str) -> None:
    """What a page leaves out is there to be left out, and a single cause is one; no variant is in between."""
    assert len([one for one in metadata.page("openat").errors if one.errno == "EINVAL"]) > 1
    assert metadata.page("chown").variant_of[0]
    (found,) = schema.check("openat2", "files", {**GOOD, "topics": ["files"], "related": {}} | page)
    assert found.startswith(f"openat2.toml: {complaint}")


def test_schema_of_causes_of_other_pages() -> None:
    """What another page's cause says of its parameters is said of this call's, or left out."""
    page = {**GOOD, "topics": ["files"], "related": {}, "errors_of": "openat2"}
    found = schema.check("creat", "files", page)
    assert {one.split("names ")[1].partition(",")[0] for one in found} == {"`usize`", "`dfd`"}
    assert any(
        one.startswith("creat.toml: errors: ENOTDIR of openat names `dfd`, which this call") for one in found
    )
    # Left out, also where the page is that of a page; fields of structures, and names of the C library.
    named = ["EINVAL", "E2BIG", "EFAULT", "EBADF", "ENOTDIR: The path is relative"]
    named += ["ENOENT: The path is empty"]
    assert schema.check("creat", "files", {**page, "errors_not": named}) == []
    for name, other in {"setxattrat": "setxattr", "sigqueue": "kill"}.items():
        assert schema.check(name, "files", {**page, "kind": "wrapper", "errors_of": other}) == []


def test_schema_of_errnos_that_only_manuals_name() -> None:
    """A page may say that the call does not give an errno that a manual names."""
    named = min({*load.documented("close")} - {"EBADF"})
    page = {**GOOD, "topics": ["descriptors"], "related": {}, "errors_not": [named]}
    assert schema.check("close", "descriptors", page) == []


def test_schema_of_no_call() -> None:
    """An overview needs neither an example nor errors."""
    page = {"kind": "overview", "summary": "The list.", "topics": ["overview"], "description": "All calls."}
    assert schema.check("syscalls", "overview", page) == []


def contents(reference: bytes) -> dict[str, Any]:
    """What a file of pages holds; how it is compressed depends on the version of zlib."""
    start = load.DIGITS + int(reference[: load.DIGITS])
    found: dict[str, Any] = {}
    for lines in reference[load.DIGITS : start].decode().split("\n\n"):
        names, *facts = (line.split("\t") for line in lines.split("\n"))
        for name, (offset, length, *about) in zip(names, facts, strict=True):
            found[name] = (about, load._unpacked(memoryview(reference)[start:], f"{offset}\t{length}"))
    return found


def test_what_is_packed_is_unpacked() -> None:
    """Values of every kind, empty ones, and strings that look like items, come back as they were."""
    value = {"": "", "s": "d2", "l": ["", "l1", [], {}, -5, 7], "ü": {"i": ["\n\t", "\x01", "\U0001f600"]}}
    packed = build_reference.packed(value)
    assert load._unpacked(memoryview(b"before" + packed + b"behind"), f"6\t{len(packed)}\tmore") == value
    assert build_reference.packed(("a", 1)) == build_reference.packed(["a", 1])
    for wrong in ("a\0b", {"a\0": ""}):
        with pytest.raises(ValueError, match="a NUL in 'a"):
            build_reference.packed(wrong)
    for other in (1.5, True, None, b"", {"a": {1}}):
        with pytest.raises(TypeError, match="a page has no "):
            build_reference.packed(other)


def test_only_some_pages_are_kept() -> None:
    """As objects: all are there as the file has them, and one that is asked for again is unpacked again."""
    first = metadata.page("fork").text
    assert metadata.page("fork").text is first
    for name in load.written():
        assert metadata.page(name).text
        assert name in load._texts and len(load._texts) <= load._KEPT
    assert metadata.page("fork").text == first


def test_the_reference_is_current() -> None:
    """What the package reads is made from the pages as they stand."""
    made = build_reference.reference({n: build_reference.read(p) for n, p in build_reference.files().items()})
    assert contents(Path(load.REFERENCE).read_bytes()) == contents(made), "run `python build_reference.py`"
    assert Path(PROJECT, "pages").is_dir()


@pytest.mark.once
def test_the_words_are_current() -> None:
    """What a search finds of flags, structures and errnos is what they are now."""
    with contextlib.closing(sqlite3.connect(f"file:{load.SEARCH}?mode=ro", uri=True)) as database:
        found = database.execute("SELECT name, kind, about FROM things ORDER BY rowid").fetchall()
    assert found == list(build_reference.things()), "run `python build_reference.py`"
