"""Who this thread is: users, groups, and what it has given up."""

from __future__ import annotations

import os

from pysys import numbers
from pysys._native import lib
from pysys.diagnosis.facts import Fact, read, status, unknown
from pysys.loading import load

_PR_GET_SECUREBITS, _PR_GET_NO_NEW_PRIVS = 27, 39
_KINDS = ("real", "effective", "saved", "filesystem")


def users() -> Fact:
    """The user ids, by kind: real, effective, saved, filesystem."""
    return _ids("Uid", os.getresuid)


def groups() -> Fact:
    """The group ids, by kind: real, effective, saved, filesystem."""
    return _ids("Gid", os.getresgid)


def _ids(field: str, ask: object) -> Fact:
    found = status(field)
    if found:
        return Fact(dict(zip(_KINDS, map(int, found.value.split()), strict=False)), found.source)
    try:
        ids = ask()  # type: ignore[operator]  # one of os.getresuid and os.getresgid
    except OSError as error:
        return unknown(f"getres{field.lower()}", error)
    return Fact(dict(zip(_KINDS, ids, strict=False)), f"getres{field.lower()}")


def further_groups() -> Fact:
    """The ids of the supplementary groups."""
    found = status("Groups")
    return Fact(tuple(map(int, found.value.split())), found.source) if found else found


def maps(kind: str) -> Fact:
    """How ids of this user namespace map to its parent's: (first here, first there, count).

    kind: "uid", "gid".
    """
    found = read(f"/proc/self/{kind}_map")
    if not found:
        return found
    return Fact(tuple(tuple(map(int, line.split())) for line in found.value.splitlines()), found.source)


def no_new_privs() -> Fact:
    """Whether an execve cannot bring more rights."""
    found = status("NoNewPrivs")
    return Fact(found.value == "1", found.source) if found else _prctl(_PR_GET_NO_NEW_PRIVS, bool)


def securebits() -> Fact:
    """The securebits that are set, by name."""
    return _prctl(_PR_GET_SECUREBITS, _bits)


def _bits(value: int) -> tuple[str, ...]:
    return tuple(one.name or hex(one) for one in load("pysys.flags").Securebits if one and value & one == one)


def _prctl(option: int, made: object) -> Fact:
    source = f"prctl({'PR_GET_SECUREBITS' if option == _PR_GET_SECUREBITS else 'PR_GET_NO_NEW_PRIVS'})"
    answer = lib.pysys_syscall5(numbers.number("prctl"), option, 0, 0, 0, 0)
    if answer < 0:
        return unknown(source, OSError(-answer, os.strerror(-answer)))
    return Fact(made(answer), source)  # type: ignore[operator]  # bool, or a function
