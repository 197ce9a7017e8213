"""Every field of every structure, with values that it cannot have: refused by its name, in our words."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from wrong_arguments import complaint, nowhere

from pysys import structures
from pysys.structures import addresses, control, readers
from pysys.structures.build import names

pytestmark = pytest.mark.widths

# By what a field takes, what of tests/support/wrong_arguments it does take.
TAKEN = {
    "int": set[str](),
    "Address": {"2**63"},
    "Descriptor": set[str](),
    "Buffer": set[str](),
    "Buffer | str": {"'a\\0b'"},  # names of abstract sockets begin with a null byte
    "Iterable[int]": set[str](),
    "dict": set[str](),
}
MORE: dict[str, dict[str, object]] = {
    "int": {"text": "5", "bytes": b"5", "None": None, "a list": [1]},
    "Address": {"text": "5"},
    "Descriptor": {"text": "5", "bytes": b"5", "None": None, "a list": [1]},
    "Buffer": {"an int": 5, "text": "text", "too much": bytes(1 << 20)},
    "Buffer | str": {"an int": 5, "too much": bytes(1 << 20), "a lone surrogate": "\ud800"},
    "Iterable[int]": {"an int": 5, "text": "text", "too many": [0] * 10000, "[-2**63-1]": [-(1 << 63) - 1]},
    "dict": {"an int": 5, "text": "text", "another structure": structures.timespec()},
}


def _kind(writes: str) -> str:
    return writes if writes in TAKEN else "dict"


@pytest.mark.parametrize("name", sorted(names()))
def test_fields(name: str) -> None:
    """A value that does not fit a field is an error that names the structure and the field."""
    kind = getattr(structures, name)
    faults = []
    for field in structures.describe(name):
        for said, value in (nowhere() | MORE[_kind(field.writes)]).items():
            if said in TAKEN[_kind(field.writes)]:
                continue
            made = kind()
            if type(value) is structures.timespec and "timespec" in field.writes:
                continue
            try:
                setattr(made, field.name, value)
            except Exception as error:
                found = complaint(error, rf"{name}\.{field.name}|\w+\.\w+|\w+ has no field")
            else:
                found = "taken"
            if found:
                faults.append(f"{name}.{field.name}={said} [{field.writes}]: {found}")
    assert not faults, "\n".join(faults)


# ---- functions ----

TS, TV, MESSAGE = structures.timespec, structures.timeval, control.ControlMessage
TEXT: dict[str, object] = {"text": "text", "None": None, "bytes": b"5"}
INT = TEXT | {"1.5": 1.5, "a list": [1], "-1": -1}
BUFFER: dict[str, object] = {"an int": 5, "text": "text", "None": None}
LIST: dict[str, object] = {"an int": 5, "text": "text", "[None]": [None], "['a']": ["a"]}
TUPLE: dict[str, object] = {"an int": 5, "None": None, "(1,)": (1,), "six": (1, 2, 3, 4, 5, 6)}
# By the parameter, as messages name it: what passes a value to it, and what it does not take either.
FUNCTIONS: dict[str, tuple[Callable[[Any], object], dict[str, object]]] = {
    "Array: element": (lambda value: structures.Array(value, 1), INT),
    "Array: count": (lambda value: structures.Array(TS, value), INT),
    "timespec.array: items": (TS.array, TEXT | {"-1": -1}),
    "timespec.array: an index": (lambda value: TS.array(2)[value], TEXT),
    "timespec.with_extra: extra": (TS.with_extra, INT),
    "timespec.from_buffer: buffer": (TS.from_buffer, BUFFER | {"bytes": bytes(16)}),
    "timespec.from_buffer: offset": (lambda value: TS.from_buffer(bytearray(64), value), INT),
    "timespec.from_bytes: data": (TS.from_bytes, BUFFER),
    "timespec": (TS, INT | {"5": 5}),  # type: ignore[dict-item]  # wrong on purpose
    "timespec.from_nanoseconds: count": (TS.from_nanoseconds, TEXT),
    "timespec.from_seconds: count": (TS.from_seconds, TEXT | {"nan": float("nan"), "inf": float("inf")}),
    "timeval.from_microseconds: count": (TV.from_microseconds, TEXT),
    "timeval.from_seconds: count": (TV.from_seconds, TEXT | {"nan": float("nan"), "-inf": -float("inf")}),
    "sigset.of: signals": (structures.sigset.of, LIST | {"[0]": [0], "[1000]": [1000]}),
    "iovec.over: buffers": (structures.iovec.over, LIST),
    "msghdr.over: buffers": (structures.msghdr.over, LIST),
    "msghdr.over: name": (lambda value: structures.msghdr.over(name=value), {"an int": 5, "text": "a"}),
    "msghdr.over: control": (lambda value: structures.msghdr.over(control=value), {"an int": 5, "text": "a"}),
    "msghdr.over: flags": (lambda value: structures.msghdr.over(flags=value), INT),
    "describe: name": (structures.describe, {"an int": 5, "a list": ["timespec"]}),
    "ControlMessage: level": (lambda value: MESSAGE(value, 1, b""), TEXT),
    "ControlMessage: type": (lambda value: MESSAGE(1, value, b""), TEXT),
    "ControlMessage: data": (lambda value: MESSAGE(1, 1, value), BUFFER),
    "ControlMessage.rights: descriptors": (MESSAGE.rights, LIST),
    "ControlMessage.credentials: pid": (lambda value: MESSAGE.credentials(value, 0, 0), TEXT),
    "ControlMessage.credentials: uid": (lambda value: MESSAGE.credentials(0, value, 0), INT),
    "ControlMessage.credentials: gid": (lambda value: MESSAGE.credentials(0, 0, value), INT),
    "length: size": (control.length, INT),
    "space: size": (control.space, INT),
    "build: messages": (control.build, LIST),
    "parse: buffer": (control.parse, BUFFER),
    "parse: count": (lambda value: control.parse(b"", value), {"text": "5", "5": 5, "-1": -1}),
    "dirents: buffer": (readers.dirents, BUFFER),
    "dirents64: buffer": (readers.dirents64, BUFFER),
    "inotify_events: buffer": (readers.inotify_events, BUFFER),
    "fanotify_events: buffer": (readers.fanotify_events, BUFFER),
    "fanotify_events: count": (lambda value: readers.fanotify_events(b"", value), {"text": "5", "-1": -1}),
    "pack: family": (lambda value: addresses.pack(value, ""), INT),
    "pack: address": (lambda value: addresses.pack(addresses.AF_UNIX, value), {"an int": 5, "[1]": [1]}),
    "pack: address: host": (lambda value: addresses.pack(addresses.AF_INET6, (value, 1)), {"None": None}),
    "pack: address: port": (lambda value: addresses.pack(addresses.AF_INET, ("", value)), INT),
    "pack: address: addr": (lambda value: addresses.pack(addresses.AF_PACKET, (1, 1, 0, 0, value)), BUFFER),
    "pack: address: name": (lambda value: addresses.pack(addresses.AF_ALG, ("", value)), {"an int": 5}),
    "unpack: data": (addresses.unpack, BUFFER),
    "unpack: length": (lambda value: addresses.unpack(b"", value), {"text": "5", "-1": -1}),
}
for family in addresses._PACK:
    FUNCTIONS[f"pack: address of {family}"] = (partial(addresses.pack, family), TUPLE)
# What is right for some, of what is wrong for most.
RIGHT = {
    "timespec.from_nanoseconds: count": {"2**64", "-2**63-1"},
    "timespec.from_seconds: count": {"1.5"},
    "timeval.from_microseconds: count": {"2**64", "-2**63-1"},
    "timeval.from_seconds: count": {"1.5"},
    "describe: name": {"'a\\0b'"},  # an AttributeError, as for any name that there is not
    "timespec.array: an index": {"2**64", "-2**63-1", "2**20000"},  # an IndexError
    "pack: address: name": {"'a\\0b'"},
}


@pytest.mark.parametrize("title", FUNCTIONS)
def test_functions(title: str) -> None:
    """An argument that a function or method does not take is an error that names it."""
    call, more = FUNCTIONS[title]
    faults = []
    for said, value in (nowhere() | more).items():
        if said in RIGHT.get(title, ()):
            continue
        error: Exception | None = None
        try:
            call(value)
        except Exception as caught:
            error = caught
        begins = title.partition(" of ")[0].replace("(", r"\(")
        if found := complaint(error, rf"{begins}|time\w+\.tv_\w+|timespec\[0\]|msghdr\.msg_flags"):
            faults.append(f"{title}={said}: {found}")
    assert not faults, "\n".join(faults)


def test_an_index_that_is_too_large() -> None:
    """However many digits it has."""
    with pytest.raises(IndexError, match=r"index a number of 20001 bits of 2 structures"):
        TS.array(2)[1 << 20000]
