"""The docstring of a typed call: what each parameter takes."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from pysys.arguments.multiplexed import Commands
    from pysys.parameters import Parameter

_KINDS = {
    "fd": "a descriptor: an int, or an object with fileno()",
    "path": "a path: str, bytes or os.PathLike",
    "string": "str or bytes",
    "strings": "a sequence of str or bytes",
    "word": "an int, None, a buffer, a structure or a str, as the other arguments want it",
    "address": "an address as an int, None for 0, or the memory itself",
}
_DIRECTIONS = {"in": "read", "out": "written to", "inout": "read and written to"}


_COMMANDED = """
Memory must be as long as the command wants it, and writable where the kernel answers. Of a command that is
not known here, bytes and what is read-only are copied, and the kernel's answer is lost.
"""
_GUARDED = """
So is short memory, which gets the answer; a ValueError after the call says that there was more of it.
"""


def describe(name: str, known: Sequence[Parameter], commands: Commands | None = None) -> str:
    """The short text, above which help() adds nothing and below which it puts the page."""
    lines = [f"{name}(2): the call as the kernel defines it."]
    if known:
        lines.append("")
        lines += [f"{one.python}: {_parameter(one)}." for one in known]
    if commands:
        lines += [(_COMMANDED + (_GUARDED[1:] if commands.guarded else "")).rstrip()]
    lines += ["", "Returns the kernel's result, an int. Raises the documented errors of the call."]
    return "\n".join(lines)


def _parameter(one: Parameter) -> str:
    if one.kind == "memory":
        text = f"memory that is {_DIRECTIONS.get(one.direction, 'read or written to')}"
        text += _extent(one)
    else:
        text = _KINDS.get(one.kind) or one.type.removeprefix("const ")
    if one.flags:
        text += f", flags.{one.flags}"
    if one.nullable:
        text += ", or None"
    return text


def _extent(one: Parameter) -> str:
    what = "bytes" if one.points == "void" else one.points
    where = "structures." if one.points.isidentifier() and one.points not in ("void", "int", "long") else ""
    if not one.length:
        return "" if one.points == "void" else f": {where}{what}"
    if one.length == "?":
        return f": {where}{what}"
    if one.length.startswith("= "):
        return f": {one.length[2:]} bytes"
    length, _, unit = one.length.partition(" ")
    if unit == "bits":
        return f": a bitmap of {length} bits, in whole longs"
    if unit == "pages":
        return f": a byte for each page of {length} bytes"
    if unit == "bytes":
        length, _, least = length.partition(">")
        more = f", {least} if that is less" if least else ""
        return f": {where}{what}, {length} bytes of it{more}"
    if length.startswith("*"):
        return f": as many bytes as {length[1:]} says"
    return f": {length} {where}{what}" if one.points == "void" else f": {length} of {where}{what}"
