"""What a parameter takes, in words: for docstrings and pages."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pysys.parameters import Parameter

_KINDS = {
    "fd": "a descriptor: an int, or an object with fileno()",
    "path": "a path: str, bytes or os.PathLike",
    "string": "str or bytes",
    "strings": "a sequence of str or bytes",
    "word": "an int, None, a buffer, a structure or a str: what the other arguments require",
    "address": "an address as an int, None for 0, or the memory itself",
}
_DIRECTIONS = {"in": "memory that is read", "out": "memory that is written to"}
_BOTH = "memory that is read and written to"


def in_words(one: Parameter) -> str:
    """A clause: "a descriptor: an int, or an object with fileno()"."""
    if one.kind == "memory":
        text = _DIRECTIONS.get(one.direction, _BOTH) + _extent(one)
    else:
        text = _KINDS.get(one.kind) or _integer(one.type.removeprefix("const "))
    if one.flags:
        text += f", of flags.{one.flags}"
    if one.nullable:
        text += ", or None"
    if one.since:
        text += f". Since Linux {one.since}"
    return text


def _integer(kind: str) -> str:
    return "an int" if kind == "int" else f"an int ({kind})"


def _extent(one: Parameter) -> str:
    """What there is in memory, and how much of it."""
    length, _, unit = one.length.partition(" ")
    if unit == "bits":
        return f": a bitmap of {length} bits, in longs"
    if unit == "pages":
        return f": {'a byte' if one.points == 'void' else f'an {one.points}'} for each page of {length} bytes"
    if one.points == "void":
        return _bytes(one.length)
    is_structure = one.points.isidentifier() and one.points not in ("int", "long")
    what = f"structures.{one.points}" if is_structure else one.points
    if unit == "bytes" and length[0] != "=":
        length, _, least = length.partition(">")
        more = f", or {least} if that is less" if least else ""
        return f": a {what}, {length} bytes of it{more}"
    if length.endswith("+first"):
        return f": a {what}, {length.removesuffix('+first')} bytes and as many as its first field says"
    if length.startswith("*"):
        return f": an array of {what}, as many bytes as {length[1:]} says"
    if length in ("", "?"):
        return f": {'an' if what[0] in 'iu' else 'a'} {what}"
    return f": an array of {length} {what}"


def _bytes(length: str) -> str:
    if length in ("", "?"):
        return ""
    if length.startswith("= "):
        return f": {length[2:]} bytes"
    if length.startswith("*"):
        return f": as many bytes as {length[1:]} says"
    if length.endswith("+long"):
        return f": a long, and {length.removesuffix('+long')} bytes"
    return f": {length} bytes"
