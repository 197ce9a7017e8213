"""Filters from and to the JSON profiles of container engines: Docker's form, and that of the OCI."""

from __future__ import annotations

import os
import re

from pysys import abi as abis
from pysys import numbers
from pysys.loading import load
from pysys.seccomp.actions import (
    ALLOW,
    KILL_PROCESS,
    KILL_THREAD,
    LOG,
    NOTIFY,
    Action,
    errno,
    trace,
    trap,
)
from pysys.seccomp.conditions import FilterCondition, lowered
from pysys.seccomp.filter import Filter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from pysys.abi import ABI
    from pysys.seccomp.filter import FilterRule

_ACTIONS = {
    "SCMP_ACT_ALLOW": ALLOW,
    "SCMP_ACT_LOG": LOG,
    "SCMP_ACT_NOTIFY": NOTIFY,
    "SCMP_ACT_TRAP": trap(),
    "SCMP_ACT_KILL": KILL_THREAD,
    "SCMP_ACT_KILL_THREAD": KILL_THREAD,
    "SCMP_ACT_KILL_PROCESS": KILL_PROCESS,
}
_ERRNO, _TRACE = "SCMP_ACT_ERRNO", "SCMP_ACT_TRACE"
_EPERM = 1  # without an errno
_OPERATORS = {
    "SCMP_CMP_NE": "!=",
    "SCMP_CMP_LT": "<",
    "SCMP_CMP_LE": "<=",
    "SCMP_CMP_EQ": "==",
    "SCMP_CMP_GE": ">=",
    "SCMP_CMP_GT": ">",
}
MASKED = "SCMP_CMP_MASKED_EQ"
_ARCHITECTURES = {
    "SCMP_ARCH_X86": "i386",
    "SCMP_ARCH_X86_64": "x86_64",
    "SCMP_ARCH_X32": "x32",
    "SCMP_ARCH_ARM": "arm",
    "SCMP_ARCH_AARCH64": "aarch64",
    "SCMP_ARCH_LOONGARCH64": "loongarch64",
    "SCMP_ARCH_M68K": "m68k",
    "SCMP_ARCH_MIPS": "mips_o32",
    "SCMP_ARCH_MIPS64": "mips_n64",
    "SCMP_ARCH_MIPS64N32": "mips_n32",
    "SCMP_ARCH_MIPSEL": "mips_o32",
    "SCMP_ARCH_MIPSEL64": "mips_n64",
    "SCMP_ARCH_MIPSEL64N32": "mips_n32",
    "SCMP_ARCH_PPC": "ppc",
    "SCMP_ARCH_PPC64": "ppc64",
    "SCMP_ARCH_PPC64LE": "ppc64",
    "SCMP_ARCH_S390X": "s390x",
    "SCMP_ARCH_PARISC": "parisc",
    "SCMP_ARCH_PARISC64": "parisc64",
    "SCMP_ARCH_RISCV64": "riscv64",
    "SCMP_ARCH_SH": "sh",
}
# What an engine calls the machine, where that is another name.
_MACHINES = {"x86_64": "amd64", "i386": "x86", "aarch64": "arm64", "ppc64": "ppc64le", "mips_n64": "mips64le"}


def from_oci(
    profile: str | bytes | Mapping[str, Any],
    *,
    capabilities: Iterable[str] = (),
    abis: str | ABI | Iterable[str | ABI] | None = None,
    kernel: str | None = None,
    newer: Action | None = None,
) -> Filter:
    """The filter that a container engine makes of a seccomp profile.

    profile: JSON, or what it was parsed to: Docker's form, that of the OCI, or an OCI configuration with it.
    capabilities: what the container has, "CAP_SYS_ADMIN": some rules are there only with or without them.
    abis: None for those of the profile that this kernel runs.
    kernel: the version for rules that name the oldest, "6.1"; None for the running kernel's.
    newer: what is done with calls that are newer than this package; an engine answers errno("ENOSYS").

    As with libseccomp, a rule without arguments is for all of a call, wherever it stands; if a rule tests one
    argument several times, each of the tests is enough; rules that do what the default does, and names that
    are not known here, are left out.

    Returns a Filter. Raises ValueError for what is not a profile.
    """
    found: Mapping[str, Any] = load("json").loads(profile) if isinstance(profile, (str, bytes)) else profile
    found = found.get("linux", {}).get("seccomp", found)
    if "defaultAction" not in found:
        raise ValueError("the profile has no defaultAction")
    default = _action(found, "defaultAction", "defaultErrnoRet")
    made = Filter(default, abis=_abis(found) if abis is None else abis, missing="skip", newer=newer)
    version = kernel_version(os.uname().release if kernel is None else kernel)
    machine = _MACHINES.get(made.abis[0].name, made.abis[0].name)
    has = frozenset(capabilities)
    rules = [
        (_action(one, "action", "errnoRet"), name, when)
        for one in found.get("syscalls") or ()
        if _is_there(one, has, machine, version)
        for name in one.get("names") or [one["name"]]
        for when in _conditions(one.get("args") or ())
    ]
    every = numbers.calls()
    complete: dict[str, Action] = {}  # libseccomp takes the first of several
    for action, name, when in rules:
        if action != default and not when:
            complete.setdefault(name, action)
    for action in dict.fromkeys(complete.values()):
        names = [name for name, one in complete.items() if one == action and name in every]
        if names:
            made.add(action, *names)
    for action, name, when in rules:
        if action != default and when and name in every and name not in complete:
            made.add(action, name, when=when)
    return made


def _action(one: Mapping[str, Any], key: str, data: str) -> Action:
    name = one.get(key)
    if name == _ERRNO:
        value = one.get(data)
        return errno(_EPERM if value is None else value)
    if name == _TRACE:
        return trace(one.get(data) or 0)
    if name not in _ACTIONS:
        raise ValueError(f"{key}: unknown action {name!r}")
    return _ACTIONS[name]


def _abis(profile: Mapping[str, Any]) -> list[str]:
    """Those of a profile that this kernel runs, of this process first."""
    listed = [*(profile.get("architectures") or ())]
    for one in profile.get("archMap") or ():
        listed += [one["architecture"], *(one.get("subArchitectures") or ())]
    known = {_ARCHITECTURES.get(one) for one in listed}
    here = abis.current()
    return [here.name, *(name for name in here.runs if name != here.name and name in known)]


def _is_there(one: Mapping[str, Any], has: frozenset[str], machine: str, version: tuple[int, ...]) -> bool:
    """Whether an engine puts a rule into the filter."""
    needed, refused = one.get("includes") or {}, one.get("excludes") or {}
    machines = needed.get("arches")
    return (
        has.issuperset(needed.get("caps") or ())
        and has.isdisjoint(refused.get("caps") or ())
        and (not machines or machine in machines)
        and machine not in (refused.get("arches") or ())
        and ("minKernel" not in needed or version >= kernel_version(needed["minKernel"]))
        and ("minKernel" not in refused or version < kernel_version(refused["minKernel"]))
    )


def kernel_version(text: str) -> tuple[int, int]:
    """The two first numbers of a version or release: (7, 2) of "7.2.13+deb14-amd64"."""
    found = re.match(r"(\d+)(?:\.(\d+))?", text)
    if found is None:
        raise ValueError(f"{text!r} is not the version of a kernel")
    return int(found[1]), int(found[2] or 0)


def _conditions(arguments: Sequence[Mapping[str, Any]]) -> Iterator[tuple[FilterCondition, ...]]:
    made = [_condition(one) for one in arguments]
    if len({one.argument for one in made}) == len(made):
        yield tuple(made)
    else:
        for one in made:
            yield (one,)


def _condition(one: Mapping[str, Any]) -> FilterCondition:
    operator, value = one["op"], one["value"]
    if operator == MASKED:
        return FilterCondition(one["index"], value, "==", one.get("valueTwo") or 0)
    if operator not in _OPERATORS:
        raise ValueError(f"unknown operator {operator!r}")
    return FilterCondition(one["index"], None, _OPERATORS[operator], value)


# ---- to a profile ----


def to_oci(rules: Filter) -> dict[str, Any]:
    """A filter as the seccomp profile of an OCI configuration, which Docker takes as well.

    rules: the filter. What is done with foreign ABIs and newer calls is the engine's matter, and left out.

    Returns a dict for json.dumps. Raises ValueError for what a profile cannot say: rules of a call that are
    for different actions, so that their order counts; a comparison other than == of a part of a register.
    """
    syscalls = []
    for rule, names in _effective(rules):
        arguments = {}
        for name in names:
            arguments[name] = [_argument(one, name, rules) for one in rule.conditions]
        for found in {str(one): one for one in arguments.values()}.values():
            entry: dict[str, Any] = {"names": [name for name in names if arguments[name] == found]}
            entry |= _named(rule.action, rules, "action", "errnoRet")
            if found:
                entry["args"] = found
            syscalls.append(entry)
    named = {name: token for token, name in reversed(_ARCHITECTURES.items())}
    lacking = [one.name for one in rules.abis if one.name not in named]
    if lacking:
        raise ValueError(f"profiles do not know {lacking[0]}")
    return {
        **_named(rules.default, rules, "defaultAction", "defaultErrnoRet"),
        "architectures": [named[one.name] for one in rules.abis],
        "syscalls": syscalls,
    }


def _effective(rules: Filter) -> Iterator[tuple[FilterRule, list[str]]]:
    """The rules with the calls that they can decide about, where their order does not count."""
    about: dict[str, list[FilterRule]] = {}
    for rule in rules.rules:
        for name in rule.calls:
            earlier = about.setdefault(name, [])
            if not earlier or earlier[-1].conditions:
                earlier.append(rule)
    for name, several in about.items():
        while several and several[-1].action == rules.default:
            several.pop()
        if len({one.action for one in several}) > 1 or any(one.action == rules.default for one in several):
            raise ValueError(f"{name}: the order of its rules counts, which a profile cannot say")
    for rule in rules.rules:
        names = [name for name in rule.calls if rule in about[name]]
        if names:
            yield rule, names


def _named(action: Action, rules: Filter, key: str, data: str) -> dict[str, Any]:
    if action.name == "ERRNO":
        return {key: _ERRNO, data: action.value(rules.abis[0]) & 0xFFFF}
    if action.name == "TRACE":
        return {key: _TRACE, data: action.data}
    name = next((name for name, one in reversed(_ACTIONS.items()) if one == action), None)
    if name is None:
        raise ValueError(f"a profile cannot say {action}")
    return {key: name}


def _argument(condition: FilterCondition, name: str, rules: Filter) -> dict[str, Any]:
    """A condition on a call as a profile says it, the same for all ABIs."""
    found = []
    for where in rules.abis:
        if name in numbers.table(where):
            test = lowered(condition, name, where)
            every = (1 << where.register_bits) - 1
            is_complete = test.mask == every
            found.append(
                ((test.low - 16) // 8, test.operator, test.value, None if is_complete else test.mask)
            )
            if test.high is not None and abs(test.high - test.low) != 4:
                raise ValueError(f"{name}: {condition}: on {where.name} it is in two registers")
    masks = {one[3] for one in found} - {None}
    if len({one[:3] for one in found}) != 1 or len(masks) > 1 or (masks and condition.operator != "=="):
        raise ValueError(f"{name}: {condition} cannot be said in a profile for the ABIs of the filter")
    index, operator, value, _ = found[0]
    if masks:
        return {"index": index, "value": masks.pop(), "valueTwo": value, "op": MASKED}
    said = next(key for key, one in _OPERATORS.items() if one == operator)
    return {"index": index, "value": value, "op": said}
