"""The arguments of a failed call, by the names of its parameters."""

from __future__ import annotations

import os

from pysys import abi, flags, structures
from pysys.parameters import parameters
from pysys.structures import addresses

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from pysys.parameters import Parameter

_INT, _WORD = 1 << 31, 1 << 63
_ONLY_NEW = os.O_CREAT | os.O_EXCL


def taken(call: str) -> tuple[Parameter, ...]:
    """The parameters of a call as pysys.calls has them: in the order of this ABI, another for clone on s390x,
    and separate where the kernel takes them in a structure, as s390x does for mmap."""
    usual, own = parameters(call) or (), parameters(call, abi.current()) or ()
    is_reordered = sorted(one.name for one in usual) == sorted(one.name for one in own)
    return own if is_reordered or not usual else usual


def named(call: str, args: Sequence[object]) -> dict[str, Any]:
    """What was passed, by parameter. Raises TypeError where there are more arguments than the call takes."""
    known = taken(call)
    if len(args) > len(known):
        raise TypeError(f"diagnose: {call} takes {len(known)} arguments, not {len(args)}")
    return {parameter.name: value for parameter, value in zip(known, args, strict=False)}


def path(value: object) -> str | None:
    """A path as a str, also that of a socket's address; None for anything else."""
    if isinstance(value, structures.Structure):
        value = _of_socket(value)
    try:
        found = os.fsdecode(value)  # type: ignore[arg-type]  # which is what the exception is for
    except TypeError:
        return None
    return None if "\0" in found else found  # the bytes of an address, or an abstract one


def _of_socket(value: structures.Structure) -> object:
    try:
        return addresses.unpack(value) if type(value).__name__ == "sockaddr_un" else None
    except (TypeError, ValueError):
        return None


def first(args: dict[str, Any], *names: str) -> object:
    """The first of these arguments that was passed."""
    return next((args[name] for name in names if name in args), None)


def integer(args: dict[str, Any], *names: str) -> int | None:
    """The first of these arguments that was passed, if it is an integer that fits into a word."""
    value = first(args, *names)
    return value if isinstance(value, int) and -_WORD <= value < 2 * _WORD else None


def task(args: dict[str, Any], *names: str) -> int | None:
    """The same of the id of a process, thread or group."""
    value = integer(args, *names)
    return value if value is not None and -_INT <= value < _INT else None


def descriptor(value: object) -> int | None:
    """A descriptor; None for anything else."""
    if isinstance(value, int):
        return value if -_INT <= value < _INT else None
    find = getattr(value, "fileno", None)
    try:
        return find() if find else None
    except (OSError, ValueError):
        return None


def open_flags(args: dict[str, Any]) -> int:
    """The flags of open and its kin, 0 where they were not given."""
    value = args.get("flags", getattr(args.get("how"), "flags", 0))
    return value if isinstance(value, int) else 0


def number(args: dict[str, Any], *names: str) -> int:
    """The first of these arguments that was passed, if it is an integer; 0 for anything else."""
    return integer(args, *names) or 0


def clone_flags(call: str, args: dict[str, Any]) -> int:
    """The flags of clone, clone3, unshare and setns, 0 where they were not given."""
    if call == "clone3":
        value = getattr(args.get("uargs"), "flags", 0)
        return int(value) if isinstance(value, int) else 0
    return number(args, "clone_flags", "unshare_flags", "flags")


def follows(call: str, args: dict[str, Any], as_usual: bool) -> bool:
    """Whether a link at the end of the path is followed."""
    if call in ("open", "openat", "openat2"):
        asked = open_flags(args)
        return not asked & os.O_NOFOLLOW and asked & _ONLY_NEW != _ONLY_NEW
    asked = args.get("flags", args.get("flag", 0))
    if not isinstance(asked, int):
        return as_usual
    if call == "linkat":
        return bool(asked & flags.AT_SYMLINK_FOLLOW)
    return as_usual and not asked & flags.AT_SYMLINK_NOFOLLOW
