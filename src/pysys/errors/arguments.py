"""What an exception keeps of the arguments of its call: numbers, texts, and of memory only what it was.

Loaded when it is first needed, and held in memory until then.
"""

from __future__ import annotations

from pysys.loading import counted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any, ClassVar

    from pysys.parameters import Parameter

_MOST_TEXT = 4096  # characters, as in cdefs/calls.c
_TEXTS = ("path", "string")


class PassedMemory:
    """Memory that a failed call was made with: its length, and of a structure the fields that are numbers.

    kind: the structure's name, or "". nbytes: how many bytes, or None. fields: a dict; empty where the
    structure has more than numbers in it. A field is an attribute, too.
    """

    __slots__ = ("fields", "kind", "nbytes")
    __module__ = "pysys.errors"

    def __init__(
        self,
        kind: str = "",
        nbytes: int | None = None,
        fields: Mapping[str, int | PassedMemory] | None = None,
    ) -> None:
        self.kind: str = kind
        self.nbytes: int | None = nbytes
        self.fields: dict[str, int | PassedMemory] = dict(fields or {})

    def __getattr__(self, name: str) -> int | PassedMemory:
        if name not in PassedMemory.__slots__ and not name.startswith("__"):
            found = self.fields.get(name)
            if found is not None:
                return found
        raise AttributeError(f"what is kept of memory has no {name!r}", name=name)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, PassedMemory):
            return NotImplemented
        return (self.kind, self.nbytes, self.fields) == (other.kind, other.nbytes, other.fields)

    __hash__: ClassVar[None]  # type: ignore[assignment]  # it has a dict

    def __repr__(self) -> str:
        if self.fields:
            return f"{self.kind}({', '.join(f'{name}={value!r}' for name, value in self.fields.items())})"
        size = "" if self.nbytes is None else f" of {counted(self.nbytes, 'byte')}"
        return f"<{self.kind or 'memory'}{size}>"


Kept = dict[str, "int | str | bytes | PassedMemory | None"]


def kept(parameters: Iterable[Parameter], args: Sequence[object]) -> Kept | None:
    """What an exception keeps of these arguments, by the kernel's names; None if it has none for them."""
    names = list(parameters)
    if len(names) < len(args):
        return None
    return {one.name: _kept(one.kind, arg) for one, arg in zip(names, args, strict=False)}


def plain(arg: object) -> int | str | bytes | PassedMemory | None:
    """What is kept of a number, a text, a path or a descriptor."""
    return _kept("fd" if not isinstance(arg, bytes) else "path", arg)


def _kept(kind: str, arg: Any) -> int | str | bytes | PassedMemory | None:
    if arg is None:
        return None
    try:
        if isinstance(arg, int):
            return int.__index__(arg)
        if hasattr(type(arg), "__fspath__"):
            arg = arg.__fspath__()
        if isinstance(arg, (str, bytes)) and (kind in _TEXTS or isinstance(arg, str)):
            return arg[:] if len(arg) <= _MOST_TEXT else PassedMemory(nbytes=len(arg))
        if kind == "fd":
            return int.__index__(arg.fileno() if hasattr(arg, "fileno") else arg.__index__())
        if kind in ("int", "word", "address") and hasattr(type(arg), "__index__"):
            return int.__index__(arg.__index__())
        if isinstance(plain := getattr(type(arg), "_plain", None), int):
            return _structure(arg, plain)
        return PassedMemory(nbytes=memoryview(arg).nbytes)
    except Exception:  # of an object that does not say: the call's own errno is the news
        return PassedMemory()


def _structure(structure: Any, plain: int) -> PassedMemory:
    fields: dict[str, int | PassedMemory] = {}
    if plain:
        for name in type(structure)._fields:
            value = getattr(structure, name)
            if isinstance(value, int):
                fields[name] = int.__index__(value)
            elif isinstance(inner := getattr(type(value), "_plain", None), int):
                fields[name] = _structure(value, inner)
    return PassedMemory(type(structure).__name__, structure.nbytes, fields)


def named(names: Sequence[str] | None, args: Sequence[Any]) -> Kept | None:
    """The same of what C has kept (`kept_of` in cdefs/calls.c); None without names for all of it."""
    if names is None or len(names) < len(args):
        return None
    return {name: _shown(arg) for name, arg in zip(names, args, strict=False)}


def _shown(arg: Any) -> Any:
    if type(arg) is not tuple:
        return arg
    if len(arg) < 2:
        return PassedMemory(nbytes=arg[0] if arg else None)
    kind, content = arg
    if isinstance(content, bytes):
        return _structure(kind.from_bytes(content), kind._plain)
    return PassedMemory(kind.__name__, content)
