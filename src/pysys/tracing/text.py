"""Shows events as lines of text, and as data for JSON."""

from __future__ import annotations

from re import match, split
from sys import byteorder
from types import MappingProxyType

from pysys import abi, metadata
from pysys.flags import AddressFamily
from pysys.structures import Structure, field_flags
from pysys.tracing.events import Call, Ended, Entered, Executed, Exiting, Signalled, Started, Stopped
from pysys.tracing.named import Named, flagged, shown
from pysys.tracing.plan import plan
from pysys.tracing.values import Address, Data, Descriptor, SignalSet, signal_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from pysys.tracing.events import Event

__all__ = ["arguments", "as_data", "cause", "line", "outcome", "settled", "value"]

_ELEMENTS = 16  # of an array that are shown
_ENVIRONMENT = "envp"
_ORDER: Any = byteorder


def value(one: Any) -> str:
    """A value as text."""
    if isinstance(one, Structure):
        return _structure(one)
    if isinstance(one, bytes):
        return _quoted(bytes(one).decode("latin-1")) + "..." * (
            isinstance(one, Data) and one.length > len(one)
        )
    if isinstance(one, Address | Descriptor | SignalSet | Named) or one is None:
        return repr(one)
    if isinstance(one, int):
        return shown(one)
    if isinstance(one, str):
        return _quoted(one)
    if isinstance(one, dict):
        return "{" + ", ".join(f"{name}={value(item)}" for name, item in one.items()) + "}"
    if isinstance(one, tuple):
        if len(one) == 2 and isinstance(one[0], AddressFamily):
            return f"{value(one[0])} {one[1]!r}"
        more = ", ..." if len(one) > _ELEMENTS else ""
        return "[" + ", ".join(map(value, one[:_ELEMENTS])) + more + "]"
    return repr(one)


def _quoted(text: str) -> str:
    found = repr(text)
    if found[0] == "'":
        found = '"' + found[1:-1].replace('"', '\\"').replace("\\'", "'") + '"'
    return found


def _structure(one: Structure) -> str:
    """A structure with the fields that are not zero, their numbers in words."""
    name = type(one).__name__
    if name == "sigset":
        return repr(SignalSet(_bits(bytes(one))))
    found = []
    for field in one._shown():
        item = getattr(one, field)
        if any(item) if isinstance(item, tuple | bytes) else item:
            found.append(f"{field}={_field(name, field, item)}")
    return f"{name}({', '.join(found)})"


def _bits(data: bytes) -> list[int]:
    value = int.from_bytes(data, _ORDER)
    return [one + 1 for one in range(8 * len(data)) if value >> one & 1]


def _field(name: str, field: str, item: Any) -> str:
    kinds = field_flags.FIELDS.get(f"{name}.{field}")
    if kinds and isinstance(item, int) and not isinstance(item, bool):
        return value(flagged(tuple(kinds.split()), item, None, False))
    if isinstance(item, int) and item >= 1 << 32:
        return hex(item)
    return value(item)


def arguments(call: Entered, written: Mapping[str, Any] = MappingProxyType({})) -> list[str]:
    """The arguments as text, with what the kernel has written in place of addresses."""
    found = []
    for name, before in call.arguments.items():
        if name == _ENVIRONMENT and isinstance(before, tuple):
            text = f"[{len(before)} variables]"
        else:
            text = value(before)
        if name in written:
            after = value(written[name])
            text = after if isinstance(before, Address) or _unread(before) else f"{text} -> {after}"
        found.append(text)
    return found


def _unread(before: Any) -> bool:
    """Whether it is only addresses of memory that the kernel was to write to."""
    if isinstance(before, tuple):
        return bool(before) and all(isinstance(one, Address) for one in before)
    return isinstance(before, dict) and before.get("data") is not None and _unread(before["data"])


def outcome(call: Call) -> str:
    """The result of a call, or its error with the first cause that the reference knows."""
    if call.errno:
        why = cause(call)
        return f"-1 {call.errno}" + (f" ({why})" if why else "")
    if call.restarted:
        return f"? {call.restarted}"
    return "?" if call.result is None else value(call.result)


_causes: dict[tuple[str, str, str], str] = {}


def cause(call: Call) -> str:
    """When such a call gives its errno, in the first of the reference's cases; "" if it knows none.

    Cases of sockets' addresses of another family than the call's are not among them.
    """
    family = ""
    for one in call.arguments.values():
        if isinstance(one, tuple) and one and isinstance(one[0], AddressFamily):
            family = str(one[0].name)
    key = call.name, call.errno, family
    if key not in _causes:
        try:
            found = [one.when for one in metadata.causes(call.name, call.errno)]
        except LookupError:
            found = []
        if family:
            found = [one for one in found if one.startswith(f"{family}:") or not match(r"AF_\w+:", one)]
        _causes[key] = _first_sentence(found[0]) if found else ""
    return _causes[key]


def _first_sentence(text: str) -> str:
    return split(r"(?<=[a-z`)])[.:;] ", " ".join(text.split()))[0].rstrip(".").replace("`", "")


def settled(call: Entered) -> int:
    """How many of the first arguments the kernel does not write to: they can be shown when a call begins."""
    known = plan(call.name, abi.ABIS.get(call.abi))
    places = {place.name: place.parameter for place in known.places or ()}
    count = 0
    for name, item in call.arguments.items():
        one = places.get(name)
        told = one is not None and one.kind != "word" and one.direction not in ("out", "inout")
        if (item is not None and not told) or _unread(item):
            break
        count += 1
    return count


def line(event: Event) -> str:
    """An event in one line; "" for one that has none: the end of a call shows its beginning."""
    if isinstance(event, Call):
        return f"{event.name}({', '.join(arguments(event, event.written))}) = {outcome(event)}"
    if isinstance(event, Entered | Exiting):
        return ""
    if isinstance(event, Signalled):
        return f"--- {event.name}{f' from {event.sender}' if event.sender else ''} ---"
    if isinstance(event, Stopped):
        return f"--- stopped by {event.name} ---"
    if isinstance(event, Executed):
        return "" if event.former == event.tid else f"+++ was {event.former} until its execve +++"
    if isinstance(event, Started):
        return f"+++ {'process' if event.pid == event.tid else 'thread'} of {event.parent} +++"
    if isinstance(event, Ended):
        if event.status < 0:
            return f"+++ ended by {signal_name(-event.status)}{', core dumped' if event.dumped else ''} +++"
        return f"+++ ended with {event.status} +++"
    return repr(event)


def as_data(event: Event) -> dict[str, Any]:
    """An event as numbers, strings, lists and dicts."""
    found: dict[str, Any] = {"event": type(event).__name__.lower()}
    for kind in reversed(type(event).__mro__):
        for name in getattr(kind, "__slots__", ()):
            found[name] = _plain(getattr(event, name))
    if isinstance(event, Call) and event.errno:
        found["cause"] = cause(event)
    return found


def _plain(one: Any) -> Any:
    if one is None or isinstance(one, bool | float):
        return one
    if isinstance(one, Address):
        return repr(one)
    if isinstance(one, Descriptor):
        return {"fd": int(one), "path": one.path}
    if isinstance(one, Data):
        return {"data": one.decode("latin-1"), "length": one.length}
    if isinstance(one, bytes):
        return one.decode("latin-1")
    if isinstance(one, str):
        return one.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    if isinstance(one, int):
        return int(one) if type(one) is int else {"value": int(one), "text": shown(one)}
    if isinstance(one, Structure):
        return {field: _plain(getattr(one, field)) for field in one._fields}
    if isinstance(one, dict):
        return {name: _plain(item) for name, item in one.items()}
    if isinstance(one, tuple | list | frozenset):
        return [_plain(item) for item in (sorted(one) if isinstance(one, frozenset) else one)]
    return repr(one)
