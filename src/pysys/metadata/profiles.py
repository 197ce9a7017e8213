"""The default seccomp profiles of container engines: their rules, what they decide, and that in words."""

from __future__ import annotations

from pysys import numbers
from pysys.metadata.light import Record
from pysys.tables import errnos, profiles

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

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
# What the profiles call the machines of ABIs, where that is another name.
MACHINES = {"x86_64": "amd64", "i386": "x86", "aarch64": "arm64"}
# The arguments that rules test, and what the values are.
ARGUMENTS = {
    ("clone", 0): "flags",
    ("clone", 1): "flags",
    ("personality", 0): "the personality",
    ("socket", 0): "the family",
    ("socket", 2): "the protocol",
}
VALUES = {
    ("personality", 0): "PER_LINUX",
    ("personality", 8): "PER_LINUX32",
    ("personality", 0x20000): "UNAME26",
    ("personality", 0x20008): "PER_LINUX32 | UNAME26",
    ("socket", 9): "NETLINK_AUDIT",
    ("socket", 16): "AF_NETLINK",
    ("socket", 38): "AF_ALG",
    ("socket", 39): "AF_NFC",
    ("socket", 40): "AF_VSOCK",
}
MASKS = {0x7E020000: "no CLONE_NEW* flag"}


class Argument(Record):
    """A test of an argument.

    position: of the argument, from 0. operator: eq, ne, lt, le, gt, ge, or masked_eq.
    value: what the argument is compared with; with masked_eq the mask.
    second: with masked_eq, what the masked argument is compared with.
    """

    position: int
    operator: str
    value: int
    second: int


class Rule(Record):
    """A rule of a profile: what is done, to which arguments, and when the rule is there at all.

    action: "allow" or "errno". errno: its symbol, "" if allowed. arguments: all of them must hold.
    includes, excludes: "caps", "arches" (as the profile calls machines), "minKernel" to values. The rule is
    there if the process has all the capabilities that it includes and none that it excludes, on one of the
    machines, and from that kernel on.
    """

    action: str
    errno: str
    arguments: tuple[Argument, ...]
    includes: dict[str, tuple[str, ...]]
    excludes: dict[str, tuple[str, ...]]

    def holds(self, capabilities: Collection[str], machine: str, kernel: str) -> bool:
        """Whether the engine puts the rule into the filter of a container.

        capabilities: what the container has, "CAP_SYS_ADMIN". machine: as the profile calls it, "amd64".
        kernel: its version, "6.1".

        Returns a bool. Raises ValueError for what is not a version.
        """
        needed, refused = self.includes, self.excludes
        return (
            all(one in capabilities for one in needed.get("caps", ()))
            and not any(one in capabilities for one in refused.get("caps", ()))
            and machine in needed.get("arches", (machine,))
            and machine not in refused.get("arches", ())
            and all(_version(kernel) >= _version(one) for one in needed.get("minKernel", ()))
            and all(_version(kernel) < _version(one) for one in refused.get("minKernel", ()))
        )

    @property
    def always(self) -> bool:
        """Whether it is in every filter, and about every argument."""
        return not (self.arguments or self.includes or self.excludes)


class Profile(Record):
    """What an engine's default profile does with a call.

    call, engine: their names. text: in words. source: the repository, and its commit. rules: those about the
    call, in order. otherwise: what becomes of a call that none of them is about.
    """

    call: str
    engine: str
    text: str
    source: str
    rules: tuple[Rule, ...]
    otherwise: Rule

    def allowed(
        self, capabilities: Collection[str] = (), arch: str = "x86_64", kernel: str = "7.2"
    ) -> bool | tuple[Rule, ...]:
        """Whether it lets the call through in a container.

        capabilities: what the container has, "CAP_SYS_ADMIN". arch: of the machine, "x86_64".
        kernel: its version, "6.1".

        Returns a bool, or the rules that depend on the call's arguments. Raises ValueError for what is not a
        version.
        """
        return allowed(self.call, self.engine, capabilities, arch, kernel)


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".")[:2])


def _symbol(errno: int) -> str:
    return next(symbol for symbol, value in errnos.ERRNOS["generic"].items() if value == errno)


def source(engine: str) -> str:
    """The repository of an engine's profile, and its commit."""
    return profiles.SOURCES[engine]


def default(engine: str) -> Rule:
    """What an engine does with a call that no rule of the filter is about."""
    action, errno = ENGINES[engine][2]
    return Rule(action, "" if action == "allow" else _symbol(errno), (), {}, {})


def rules(name: str, engine: str) -> tuple[Rule, ...]:
    """The rules that an engine's default profile has for a call, in their order; none if it names it not.

    A rule that is always there and allows the call is the only one: others of the profile change nothing.
    """
    allowed, found, _ = ENGINES[engine]
    if name in allowed:
        return (Rule("allow", "", (), {}, {}),)
    made = []
    for action, errno, arguments, includes, excludes in found.get(name, ()):
        if action not in ("allow", "errno"):
            raise ValueError(f"unknown action {action!r}")
        tests = tuple(Argument(*one) for one in arguments)
        made.append(Rule(action, "" if action == "allow" else _symbol(errno), tests, includes, excludes))
    always = [rule for rule in made if rule.always and rule.action == "allow"]
    return tuple(always[:1] or made)


def allowed(
    name: str,
    engine: str,
    capabilities: Collection[str] = (),
    arch: str = "x86_64",
    kernel: str = "7.2",
) -> bool | tuple[Rule, ...]:
    """Whether an engine's default profile lets a call through, in a container with these capabilities.

    arch: an ABI of a machine ("aarch64"). kernel: its version. True or False, or, where the arguments decide,
    the rules about them that are in the filter; a call that matches none meets the last one without a test.
    """
    machine = MACHINES.get(arch, arch)
    here = [rule for rule in rules(name, engine) if rule.holds(capabilities, machine, kernel)]
    plain = [rule for rule in here if not rule.arguments]
    if any(rule.action == "allow" for rule in plain):
        return True
    last = plain[0] if plain else default(engine)
    tests = tuple(rule for rule in here if rule.arguments)
    if all(rule.action == last.action for rule in tests):
        return last.action == "allow"
    return (*tests, last)


def of(name: str) -> dict[str, Profile]:
    """What each engine's default profile does with the call; nothing for a name that is not a call."""
    engines = ENGINES if name in numbers.calls() else ()
    return {
        one: Profile(name, one, _state(name, one), source(one), rules(name, one), default(one))
        for one in engines
    }


def _state(name: str, engine: str) -> str:
    otherwise = default(engine)
    found = rules(name, engine)
    if not found:
        # A rule of the runtime, so that programs fall back if a call is newer than the profile.
        newer = (
            ""
            if otherwise.errno == "ENOSYS"
            else " (ENOSYS if its number is above all that the profile names)"
        )
        return f"R{_action(otherwise)[1:]}{newer}: the profile does not name it."
    states: list[str] = []
    with_, complete = list[str](), False  # the capabilities that allow it so far
    for rule in _grouped(found):
        caps = rule.excludes.get("caps", ())
        rest = rule
        if with_ and caps and set(caps) <= set(with_):
            rest = rule._replace(excludes={k: v for k, v in rule.excludes.items() if k != "caps"})
        after = "otherwise " if rest is not rule else ""
        states.append(f"{after}{' '.join(_words(name, rest))}")
        complete = complete or rest.always
        if rule.action == "allow" and not rule.arguments and rule.includes.keys() == {"caps"}:
            with_ += " or ".join(rule.includes["caps"]).split(" or ")
    if not complete:
        states.append(f"otherwise {_action(otherwise)}")
    text = "; ".join(states)
    return f"{text[0].upper()}{text[1:]}."


def _grouped(found: tuple[Rule, ...]) -> Iterator[Rule]:
    """What allows the call to any of several capabilities as one rule, before what does without."""
    single = [
        rule
        for rule in found
        if rule.action == "allow"
        and not (rule.arguments or rule.excludes)
        and rule.includes.keys() == {"caps"}
        and len(rule.includes["caps"]) == 1
    ]
    if len(single) > 1:
        caps = tuple(dict.fromkeys(cap for rule in single for cap in rule.includes["caps"]))
        yield single[0]._replace(includes={"caps": (" or ".join(caps),)})
        found = tuple(rule for rule in found if rule not in single)
    yield from found


def _action(rule: Rule) -> str:
    return "allowed" if rule.action == "allow" else f"refused with {rule.errno}"


def _words(name: str, rule: Rule) -> Iterator[str]:
    yield _action(rule)
    if rule.arguments:
        yield "if " + " and ".join(_argument(name, one) for one in rule.arguments)
    yield from _conditions(rule.includes, "with", " and ", "on", "from Linux {} on")
    yield from _conditions(rule.excludes, "without", " and ", "except on", "before Linux {}")


def _conditions(
    condition: dict[str, tuple[str, ...]], caps: str, both: str, arches: str, kernel: str
) -> Iterator[str]:
    if "caps" in condition:
        yield f"{caps} {both.join(condition['caps'])}"
    if "arches" in condition:
        yield f"{arches} {' or '.join(condition['arches'])}"
    if "minKernel" in condition:
        yield kernel.format(condition["minKernel"][0])


def _argument(name: str, argument: Argument) -> str:
    index, operator, value, second = argument
    title = ARGUMENTS.get((name, index), f"argument {index}")
    if operator == "masked_eq":
        if second == 0 and value in MASKS:
            return f"{title} has {MASKS[value]}"
        return f"{title} & {value:#x} is {second if second < 256 else hex(second)}"
    shown = VALUES.get((name, value), str(value) if value < 256 else hex(value))
    return f"{title} {COMPARED[operator]} {shown}"


# The public name, also for pickles.
for _kind in (Argument, Rule, Profile):
    _kind.__module__ = __package__
