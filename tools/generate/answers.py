"""What commands answer, for type checkers: overloads of the calls that return what is left out."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from typing import Any

from pysys import flags, structures
from pysys.arguments import bound
from pysys.calls import _HANDWRITTEN, _commands
from pysys.flags.index import MEMBERS, PARTIAL
from pysys.parameters import commands, parameters
from tools.generate.tables import emit

CALLS = (
    "arch_prctl", "fcntl", "ioctl", "keyctl", "msgctl", "prctl", "ptrace", "quotactl", "quotactl_fd",
    "seccomp", "semctl", "shmctl",
)  # fmt: skip
_NUMBERS = _commands._SIGNED | _commands._UNSIGNED
_CONVERTED: dict[object, str] = {_commands._name: "str", _commands._word: "int"}
_IOCTL = (
    "@overload\ndef ioctl(fd: Descriptor, cmd: ioctls.Request[_Answer], arg: None = None) -> _Answer: ...\n"
    "@overload\ndef ioctl(fd: Descriptor, cmd: int, arg: Argument) -> int: ...\n"
    "@overload\ndef ioctl(fd: Descriptor, cmd: int, arg: None = None) -> Any:"
)
# Commands whose answer the table does not say: what is left out, and what that gives.
_LENGTH = {"arg3": "None = None", "arg4": "None = None"}
_SIZE = {"addr": "None = None", "data": "None = None"}
_OWN: dict[str, list[tuple[str, dict[str, str], str]]] = {
    "keyctl": [
        ("KEYCTL_DESCRIBE KEYCTL_GET_SECURITY", _LENGTH, "str"),
        ("KEYCTL_READ", _LENGTH, "bytes"),
        ("KEYCTL_CAPABILITIES", {"arg2": "None = None", "arg3": "None = None"}, "bytes"),
        ("KEYCTL_DH_COMPUTE", {"arg3": "None = None"}, "bytes"),
        ("KEYCTL_PKEY_QUERY", {"arg5": "None = None"}, "structures.keyctl_pkey_query"),
        ("KEYCTL_PKEY_ENCRYPT KEYCTL_PKEY_DECRYPT KEYCTL_PKEY_SIGN", {"arg5": "None = None"}, "bytes"),
    ],
    "ptrace": [
        ("PTRACE_GET_SYSCALL_INFO", _SIZE, "structures.ptrace_syscall_info"),
        ("PTRACE_GET_RSEQ_CONFIGURATION", _SIZE, "structures.ptrace_rseq_configuration"),
        ("PTRACE_GET_SYSCALL_USER_DISPATCH_CONFIG", _SIZE, "structures.ptrace_sud_config"),
        ("PTRACE_GETSIGMASK", _SIZE, "set[int]"),
        (
            "PTRACE_GET_SYSCALL_INFO PTRACE_GET_RSEQ_CONFIGURATION PTRACE_GET_SYSCALL_USER_DISPATCH_CONFIG"
            " PTRACE_GETSIGMASK",
            {"addr": "int", "data": "None = None"},
            "bytes",
        ),
        (
            "PTRACE_PEEKSIGINFO",
            {"addr": "structures.ptrace_peeksiginfo_args", "data": "None = None"},
            "list[structures.siginfo]",
        ),
        ("PTRACE_SECCOMP_GET_FILTER", {"data": "None = None"}, "Array[structures.sock_filter]"),
        ("PTRACE_GETREGSET", {"data": "None = None"}, "Any"),  # another structure on each ABI
    ],
}


def answer(what: str) -> str:
    """The type of what is written: of "f_owner_ex", "unsigned int[2]", "void[16]", in the table's words."""
    kind, several, _ = what.partition("[")
    if kind in structures.names():
        return "Any" if several else f"structures.{kind}"
    if bound.number(kind) or kind.replace(" ", "_") in _NUMBERS:
        return "tuple[int, ...]" if several else "int"
    return "bytes"


def overloads(call: str) -> str:
    """The call's signatures: for each kind of answer, for its other commands, for any number."""
    function = _function(call)
    text = emit.docstring(str(function.__doc__))
    if call == "ioctl":
        return f"{_IOCTL}\n{text}\n"
    *before, last = inspect.signature(function).parameters.values()
    if call.startswith("quotactl"):  # whose commands are made of two numbers
        lines = [
            _signature(call, "_Answer", {"cmd": "_Quota[_Answer]", last.name: "None = None"}),
            _signature(call, "int", {last.name: "Argument"}),
        ]
        return "".join([*lines, _signature(call, "Any", {}).removesuffix(" ...\n"), f"\n{text}\n"])
    found: dict[tuple[tuple[tuple[str, str], ...], str], list[str]] = {}
    for name, chosen, result in _answers(call):
        found.setdefault((tuple(chosen.items()), result), []).append(name)
    lines = [_signature(call, result, dict(chosen), names) for (chosen, result), names in found.items()]
    if silent := list(_silent(call)):
        lines.append(_signature(call, "int", {}, silent))
    if all(one.default is one.empty for one in before):
        lines.append(_signature(call, "int", {last.name: "Argument"}))
    return "".join([*lines, _signature(call, "Any", {}).removesuffix(" ...\n"), f"\n{text}\n"])


def _function(call: str) -> Callable[..., Any]:
    found: Callable[..., Any] = getattr(import_module(f"pysys.calls.{_HANDWRITTEN[call]}"), call)
    return found


def _answers(call: str) -> Iterator[tuple[str, dict[str, str], str]]:
    """Commands that write into memory: the name, what is left out, and what type that is in Python."""
    own = inspect.signature(_function(call)).parameters
    others = set(_several(call))
    for names, chosen, result in _OWN.get(call, ()):
        for name in names.split():
            others.add(name)
            yield name, chosen, result
    for _, name, items in commands.entries(commands._FAMILIES[call][1]):
        for item in items.split("  "):
            parameter, _, what = item.partition("=out:")
            if not what or parameter not in own or name in others or name in PARTIAL:
                continue
            value = int(getattr(flags, name))
            converted = _commands._BYTES.get((call, value))
            kind = what.partition(",")[0].partition("|")[0].rstrip("?")
            result = _CONVERTED[converted] if converted else answer(kind)
            if value in _commands._RESULTS_TOO.get(call, ()):
                result = f"tuple[int, {result}]"
            yield name, {parameter: "None = None"}, result


def _several(call: str) -> Iterator[str]:
    """Commands for which a second argument decides what is written, or the architecture."""
    for number, name, _ in commands.entries(commands._FAMILIES[call][1]):
        if "/" in number:
            yield name
    if call == "ptrace":
        for text in commands._PTRACE_OWN.values():
            for _, name, _ in commands.entries(text):
                yield name


def _silent(call: str) -> Iterator[str]:
    """The commands of the call's own that write nothing: the kernel's result is an int."""
    others = {name for name, _, _ in _answers(call)}.union(_several(call), PARTIAL)
    for one in parameters(call) or ():
        if one.python == _selector(call):
            for owner in one.flags.split():
                for name in getattr(flags, owner).__members__:
                    if name not in others and MEMBERS.get(name) == owner:
                        yield name


def _selector(call: str) -> str:
    return commands._FAMILIES[call][0].split()[0]


def _signature(call: str, result: str, chosen: dict[str, str], literal: Iterable[str] = ()) -> str:
    parts: list[str] = []
    members = ", ".join(f"flags.{MEMBERS[name]}.{name}" for name in literal)
    for one in inspect.signature(_function(call)).parameters.values():
        kind = f"Literal[{members}]" if members and one.name == _selector(call) else one.annotation
        value = "" if one.default is one.empty else f" = {one.default!r}"
        part = f"{one.name}: {chosen.get(one.name, kind + value)}"
        if " = " not in part:  # nor may those before it be left out
            parts = [before.partition(" = ")[0] for before in parts]
        parts.append(part)
    return f"@overload\ndef {call}({', '.join(parts)}) -> {result}: ...\n"


def request(structure: str, direction: str, size: int) -> str:
    """What a request of ioctl answers: of its structure and direction, the size that its number says."""
    if direction != "out" or not structure:
        return "int"
    kind = answer(structure)
    if kind.startswith("structures.") and getattr(structures, structure).nbytes != size:
        return "bytes"
    return kind
