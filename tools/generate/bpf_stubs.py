"""The types of bpf by command, for type checkers: the fields that each takes, and what it answers."""

from __future__ import annotations

from pysys import structures
from pysys.calls import _bpf
from pysys.flags.index import MEMBERS
from pysys.parameters.bpf import Command, commands
from pysys.structures.build import describe
from tools.generate.tables import emit

_BUFFER = "Buffer | Structure | Array[Any] | None"
_KINDS = {"int": "int", "Descriptor": "Descriptor", "Buffer | str": "Buffer | str"}
_ANSWERS = {"value": "bytes", "next_key": "bytes", "next_id": "int"}
_COMMON = "uattr_common: structures.bpf_common_attr | Buffer | None = None, size_common: int | None = None"
_UATTR = "structures.bpf_attr | Buffer"


def overloads() -> str:
    """The call's signatures: of each command with its fields, and the kernel's own."""
    lines = []
    for command in commands().values():
        head = f"cmd: Literal[flags.{MEMBERS[command.name]}.{command.name}]"
        own = _own(command)
        if command.answer in _bpf._ELEMENTS:  # left out, it is the result; filled, it is written to
            filled = {**own, command.answer: f"{_BUFFER.removesuffix(' | None')}"}
            lines.append(_signature(head, filled, "int", {command.answer}))
            own[command.answer] = "None"
            lines.append(_signature(head, own, "bytes"))
        elif "info" in own:
            lines.append(_signature(head, {**own, "info": "_Answer"}, "_Answer", {"info"}))
        else:
            answer = _ANSWERS.get(command.answer, f"structures.bpf_attr_{command.answer}")
            lines.append(_signature(head, own, answer if command.answer else "int"))
    # Nothing for fields of any command: a wrong one would be taken for that.
    last = f"uattr: {_UATTR}, size: int | None = None, {_COMMON}"
    text = emit.docstring(str(_bpf.bpf.__doc__))
    return "".join([*lines, f"@overload\ndef bpf(cmd: int, {last}) -> int:\n{text}\n"])


def _signature(
    head: str, fields: dict[str, str], result: str, needed: frozenset[str] | set[str] = frozenset()
) -> str:
    parts = [f"{name}: {kind}{'' if name in needed else ' = ...'}" for name, kind in fields.items()]
    none = "uattr: None = None, size: None = None"
    return f"@overload\ndef bpf({head}, {none}, {_COMMON}, *, {', '.join(parts)}) -> {result}: ...\n"


def _own(command: Command) -> dict[str, str]:
    """The fields of a command, with their types."""
    kind = f"bpf_attr_{command.part}" if command.part else "bpf_attr"
    known = {one.name: one.writes for one in describe(kind)}
    found = {}
    for name in command.fields or known:
        writes = known[name]
        if name in _bpf._STRINGS:
            found[name] = "Path | Buffer | None"
        elif name == "insns":
            found[name] = f"list[structures.bpf_insn] | {_BUFFER}"
        elif writes == "Address":
            found[name] = _BUFFER if name in _bpf._ELEMENTS else f"int | {_BUFFER}"
        else:
            found[name] = _KINDS.get(writes) or _nested(writes)
    return found


def _nested(writes: str) -> str:
    """The type of a part in a part."""
    inner = writes.partition(" | ")[0]
    assert inner in structures.names(), writes
    return f"structures.{inner} | dict[str, Any]"
