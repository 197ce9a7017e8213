"""Filters from and to what systemd's units say: SystemCallFilter= and its kin."""

from __future__ import annotations

from pysys import abi as abis
from pysys import numbers
from pysys.seccomp import grouping
from pysys.seccomp.actions import ALLOW, KILL_PROCESS, Action, errno
from pysys.seccomp.filter import Filter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Literal

_FILTER, _ERROR, _ARCHITECTURES = "SystemCallFilter", "SystemCallErrorNumber", "SystemCallArchitectures"
_NAMES = {"x86-64": "x86_64", "x86": "i386", "arm64": "aarch64", "ppc64-le": "ppc64", "mips64-le": "mips_n64",
          "mips64-le-n32": "mips_n32", "mips-le": "mips_o32", "mips": "mips_o32", "mips64": "mips_n64",
          "mips64-n32": "mips_n32"}  # fmt: skip
_DENIED = "~"


def from_systemd(lines: str, *, missing: Literal["error", "skip"] = "error") -> Filter:
    """The filter of a unit of systemd.

    lines: of a unit's file: SystemCallFilter=, SystemCallErrorNumber= and SystemCallArchitectures= count,
        other settings are ignored.
    missing: "skip" to omit names that are not known here, as systemd does.

    Groups are pysys's own (seccomp.groups()), which may differ from those of a systemd in single calls. An
    allow-list has @default without saying so.

    Returns a Filter: with ALLOW by default if the first list begins with "~". Raises LookupError for an
    unknown name or group, ValueError without a list.
    """
    lists, error, architectures = _read(lines)
    if not lists:
        raise ValueError(f"there is no {_FILTER}=")
    is_allowing = not lists[0].startswith(_DENIED)
    denied = KILL_PROCESS if error is None else error
    found: dict[str, Action] = {}
    if is_allowing:
        found = dict.fromkeys(grouping.members("@default"), ALLOW)
    for text in lists:
        is_inverted = text.startswith(_DENIED)
        for word in text.removeprefix(_DENIED).split():
            name, _, result = word.partition(":")
            special = _denial(result) if result else None
            for call in _calls(name, missing):
                if special and (is_inverted or is_allowing):
                    found[call] = special
                elif is_inverted == is_allowing:
                    found.pop(call, None)
                else:
                    found[call] = ALLOW if is_allowing else denied
    made = Filter(denied if is_allowing else ALLOW, abis=architectures or abis.current().runs, missing="skip")
    for action in dict.fromkeys(found.values()):
        made.add(action, *(name for name, one in found.items() if one == action))
    return made


def _read(lines: str) -> tuple[list[str], Action | None, list[str]]:
    """The lists, what a refused call gets, and the ABIs."""
    lists: list[str] = []
    error: Action | None = None
    architectures: list[str] = []
    for line in lines.replace("\\\n", " ").splitlines():
        key, _, value = (part.strip() for part in line.partition("="))
        if key == _FILTER:
            lists = [*lists, value] if value else []  # nothing: what was said before does not count
        elif key == _ERROR:
            error = _denial(value) if value else None
        elif key == _ARCHITECTURES:
            architectures = [*architectures, *value.split()] if value else []
    here = abis.current().name
    return lists, error, [here if one == "native" else _NAMES.get(one, one) for one in architectures]


def _denial(text: str) -> Action:
    if text == "kill":
        return KILL_PROCESS
    return errno(int(text) if text.isdecimal() else text)


def _calls(name: str, missing: str) -> Iterable[str]:
    if name.startswith("@"):
        return grouping.members(name)
    if name in numbers.calls():
        return (name,)
    if missing == "skip":
        return ()
    raise numbers.UnknownCallError(name)


def to_systemd(rules: Filter) -> str:
    """A filter as lines for a unit of systemd.

    rules: the filter, which has no conditions, and no other results than to allow, to fail and to kill the
        process. Groups are written as their calls.

    Returns the lines. Raises ValueError for what a unit cannot say.
    """
    found: dict[str, Action] = {}
    for rule in rules.rules:
        if rule.conditions:
            raise ValueError(f"{rule}: a unit cannot say conditions")
        for name in rule.calls:
            found.setdefault(name, rule.action)
    for action in (rules.default, *found.values()):
        if action not in (ALLOW, KILL_PROCESS) and action.name != "ERRNO":
            raise ValueError(f"a unit cannot say {action}")
    names = {one: said for said, one in reversed(_NAMES.items())}
    lines = [f"{_ARCHITECTURES}={' '.join(names.get(one.name, one.name) for one in rules.abis)}"]
    if rules.default == ALLOW:
        prefix = _DENIED
    else:
        prefix = ""
        if rules.default != KILL_PROCESS:
            lines.append(f"{_ERROR}={rules.default.data}")
        # An allow-list begins with what systemd's @default has: nothing of it remains.
        lines += [f"{_FILTER}=@default", f"{_FILTER}={_DENIED}@default"]
    listed = {name: action for name, action in found.items() if action != rules.default}
    if not listed:
        raise ValueError("a unit cannot say a filter without a rule that differs from its default")
    lines.append(f"{_FILTER}={prefix}{' '.join(_word(*one) for one in sorted(listed.items()))}")
    return "\n".join(lines) + "\n"


def _word(name: str, action: Action) -> str:
    if action == ALLOW:
        return name
    return f"{name}:{'kill' if action == KILL_PROCESS else action.data}"
