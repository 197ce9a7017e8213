"""The default seccomp profiles of container engines, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pysys import numbers
from pysys.tables import errnos, profiles

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pysys.tables.profiles import Argument, Condition, Rule

ENGINES = {
    "docker": (profiles.DOCKER_ALLOWED, profiles.DOCKER_RULES, profiles.DOCKER_DEFAULT),
    "podman": (profiles.PODMAN_ALLOWED, profiles.PODMAN_RULES, profiles.PODMAN_DEFAULT),
}
ENOSYS = errnos.ERRNOS["generic"]["ENOSYS"]
COMPARED = {
    "eq": "is",
    "ne": "is not",
    "lt": "is below",
    "le": "is at most",
    "gt": "is above",
    "ge": "is at least",
}


def of(name: str) -> dict[str, str]:
    """What each engine's default profile does with the call; nothing for a name that is not a call."""
    return {engine: _state(name, engine) for engine in ENGINES} if name in numbers.calls() else {}


def _state(name: str, engine: str) -> str:
    allowed, rules, default = ENGINES[engine]
    if name in allowed:
        return "Allowed."
    if name not in rules:
        # A rule of the runtime, so that programs fall back if a call is newer than the profile.
        newer = "" if default[1] == ENOSYS else " (ENOSYS if its number is above all that the profile names)"
        return f"R{_action(*default)[1:]}{newer}: the profile does not name it."
    states = [" ".join(_rule(rule)) for rule in rules[name]]
    if not _complete(rules[name]):
        states.append(f"otherwise {_action(*default)}")
    text = "; ".join(states)
    return f"{text[0].upper()}{text[1:]}."


def _action(action: str, errno: int) -> str:
    if action == "allow":
        return "allowed"
    if action != "errno":
        raise ValueError(f"unknown action {action!r}")
    symbol = next(symbol for symbol, value in errnos.ERRNOS["generic"].items() if value == errno)
    return f"refused with {symbol}"


def _rule(rule: Rule) -> Iterator[str]:
    action, errno, arguments, includes, excludes = rule
    yield _action(action, errno)
    if arguments:
        yield "if " + " and ".join(map(_argument, arguments))
    yield from _conditions(includes, "with", "and", "on", "since Linux")
    yield from _conditions(excludes, "without", "or", "except on", "before Linux")


def _conditions(condition: Condition, caps: str, either: str, arches: str, since: str) -> Iterator[str]:
    if "caps" in condition:
        yield f"{caps} {f' {either} '.join(condition['caps'])}"
    if "arches" in condition:
        yield f"{arches} {' or '.join(condition['arches'])}"
    if "minKernel" in condition:
        yield f"{since} {condition['minKernel'][0]}"


def _argument(argument: Argument) -> str:
    index, operator, value, second = argument
    if operator == "masked_eq":
        return f"argument {index} & {value:#x} is {second if second < 256 else hex(second)}"
    return f"argument {index} {COMPARED[operator]} {value if value < 256 else hex(value)}"


def _complete(rules: tuple[Rule, ...]) -> bool:
    """Whether one of the rules always applies, so that the profile's default never does."""
    plain = [(includes, excludes) for _, _, arguments, includes, excludes in rules if not arguments]
    if ({}, {}) in plain:
        return True
    return any((includes, {}) in plain and ({}, includes) in plain for includes, _ in plain)
