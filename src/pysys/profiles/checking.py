"""What a profile means: which calls it refuses, what it does not know, what a program would meet under it."""

from __future__ import annotations

import os

from pysys import abi as abis
from pysys import metadata, numbers, seccomp
from pysys.loading import counted, hint, load
from pysys.metadata.light import Record
from pysys.metadata.load import version_key
from pysys.metadata.render import WIDTH, Items, Section, Table, Text, lay_out
from pysys.profiles import traces
from pysys.seccomp import errno_name, kernel_version, members
from pysys.tables import KERNEL_VERSION
from pysys.tracing import Entered, trace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from pysys._types import Path
    from pysys.abi import ABI
    from pysys.seccomp import Action, Filter
    from pysys.tracing import Trace

__all__ = ["ProfileCheck", "ProfileMeeting", "check"]

_SETTING = "SystemCallFilter"
_LETS_PASS = ("ALLOW", "LOG")
_KERNEL = ".".join(KERNEL_VERSION.split(".")[:2])


class ProfileMeeting(Record):
    """A call of a program that the profile does not simply allow.

    call, abi: which. action: what is done with it, "ERRNO(EPERM)"; "" if that depends on arguments that the
    trace does not have. times: how often it was made so. text: why, in words.
    """

    call: str
    abi: str
    action: str
    times: int
    text: str


class ProfileCheck(Record):
    """What a profile means for the calls of an ABI.

    abi: its name. default: what is done with calls that no rule is about. allowed, conditional, refused: the
    calls of the ABI by what is done with them; conditional are those where it depends on arguments.
    newest: the newest call that the profile names, and since: the kernel that added it. new, later: calls
    that came after that one, to the running kernel and to those behind it, none of which it names.
    unknown: names that no ABI has, each with what was probably meant, or "". elsewhere: names that are calls
    of other ABIs only. meets: what a program would meet; None if there is none.
    """

    abi: str
    default: str
    allowed: tuple[str, ...]
    conditional: tuple[str, ...]
    refused: tuple[str, ...]
    newest: str
    since: str
    new: tuple[str, ...]
    later: tuple[str, ...]
    unknown: tuple[tuple[str, str], ...]
    elsewhere: tuple[str, ...]
    meets: tuple[ProfileMeeting, ...] | None

    @property
    def is_clean(self) -> bool:
        """Whether each of its names is a call, and the program, if there is one, would meet no refusal."""
        return not self.unknown and not self.meets

    def as_data(self) -> dict[str, Any]:
        """Dictionaries, lists and strings, as JSON has them."""
        data = {name: list(one) if isinstance(one, tuple) else one for name, one in self._asdict().items()}
        data["unknown"] = [{"name": name, "meant": meant} for name, meant in self.unknown]
        data["meets"] = None if self.meets is None else [one._asdict() for one in self.meets]
        return data

    def sections(self) -> list[Section]:
        """The same as parts of a page."""
        return list(self._sections())

    def _sections(self) -> Iterator[Section]:
        if self.unknown:
            rows = tuple((name, f"did you mean {meant}?" if meant else "") for name, meant in self.unknown)
            yield Section("NAMES THAT NO ABI HAS", (Table(("name", ""), rows),))
        if self.meets is not None:
            what = "WHAT THE PROGRAM WOULD MEET"
            if self.meets:
                cells = tuple((one.call, one.abi, str(one.times), one.text) for one in self.meets)
                yield Section(what, (Table(("call", "abi", "times", "what"), cells),))
            else:
                yield Section(what, (Text("Nothing: each call that it made is allowed."),))
        if self.newest:
            yield Section("WHAT IT DOES NOT KNOW", (Items(tuple(self._news())),))
        if self.elsewhere:
            yield Section("CALLS OF OTHER ABIS ONLY", (Text(", ".join(self.elsewhere)),))
        yield Section(
            f"CALLS OF {self.abi}",
            (Text(f"By default: {self.default}."), Items(tuple(self._verdicts()))),
        )

    def _verdicts(self) -> Iterator[tuple[str, str]]:
        yield f"allowed: {len(self.allowed)}", ""
        if self.conditional:
            yield f"depends on arguments: {len(self.conditional)}", ", ".join(self.conditional)
        for topic, names in _by_topic(self.refused):
            yield f"refused, {topic}: {len(names)}", ", ".join(names)

    def _news(self) -> Iterator[tuple[str, str]]:
        yield f"the newest call that it names is {self.newest}", f"Since Linux {self.since}."
        kinds = (("this kernel has", self.new), (f"kernels up to {_KERNEL} have also", self.later))
        for title, names in kinds:
            yield f"newer calls that {title}: {len(names)}", ", ".join(names)

    def __str__(self) -> str:
        return lay_out(self.sections(), WIDTH)


def check(
    profile: str | bytes,
    *,
    capabilities: Iterable[str] = (),
    against: str | None = None,
    argv: Iterable[Path] = (),
    env: Mapping[str, str] | None = None,
    started: Callable[[Trace], Any] | None = None,
) -> ProfileCheck:
    """What a profile means, and what a program would meet under it.

    profile: JSON for a container engine, or lines of a unit of systemd.
    capabilities: what a container has, "CAP_SYS_ADMIN", for rules of the profile that depend on it.
    against: the text of a trace: of pysys trace, with --json or without, or of strace. What depends on
        arguments is not decided then.
    argv: a program that is run, without the profile, and traced for this, with its arguments. env: its
        environment; None: this process's. started: is called with the pysys.Trace when it runs.

    Returns a ProfileCheck. Raises ValueError for what is not a profile or a trace, LookupError for an unknown
    group; with argv also what pysys.trace() raises. Since Linux 5.3 with argv.
    """
    text = profile.decode() if isinstance(profile, bytes) else profile
    rules, names = _read(text, capabilities)
    where = rules.abis[0]
    meets: list[ProfileMeeting] | None = None
    if against is not None:
        meets = _of_trace(rules, traces.calls_of(against))
    words = list(argv)
    if words:
        with trace(words, env=env, entries=True, arguments=False) as events:
            if started is not None:
                started(events)
            meets = [*(meets or ()), *_of_program(rules, events)]
    return _checked(rules, names, where, meets)


def _read(text: str, capabilities: Iterable[str]) -> tuple[Filter, list[str]]:
    """A profile, and the names of calls in it, those of groups as well."""
    if text.lstrip().startswith("{"):
        profile = load("json").loads(text)
        profile = profile.get("linux", {}).get("seccomp", profile)
        rules = seccomp.from_oci(profile, capabilities=capabilities)
        entries = profile.get("syscalls") or ()
        return rules, [name for one in entries for name in one.get("names") or [one["name"]]]
    rules = seccomp.from_systemd(text, missing="skip")
    named: list[str] = []
    for line in text.replace("\\\n", " ").splitlines():
        key, _, value = (part.strip() for part in line.partition("="))
        if key == _SETTING:
            for word in value.removeprefix("~").split():
                name = word.partition(":")[0]
                named += members(name) if name.startswith("@") else [name]
    return rules, named


def _checked(
    rules: Filter, names: Sequence[str], where: ABI, meets: list[ProfileMeeting] | None
) -> ProfileCheck:
    table = numbers.table(where)
    every = numbers.calls()
    known = {name for name in names if name in every}
    conditional = {name for rule in rules.rules if rule.conditions for name in rule.calls if name in table}
    unconditional = {
        name: rules.explain(name, abi=where).action.name in _LETS_PASS
        for name in sorted(table)
        if name not in conditional
    }
    newest = max(sorted(known), key=_version, default="")
    after = [
        name for name in sorted(table) if newest and name not in known and _version(name) > _version(newest)
    ]
    here = kernel_version(os.uname().release)
    return ProfileCheck(
        abi=where.name,
        default=_shown(rules.default, where),
        allowed=tuple(name for name, passes in unconditional.items() if passes),
        conditional=tuple(sorted(conditional)),
        refused=tuple(name for name, passes in unconditional.items() if not passes),
        newest=newest,
        since=_since(newest),
        new=tuple(name for name in after if _version(name) <= here),
        later=tuple(name for name in after if _version(name) > here),
        unknown=tuple((name, _meant(name)) for name in dict.fromkeys(names) if name not in every),
        elsewhere=tuple(sorted(known - table.keys())),
        meets=None if meets is None else tuple(meets),
    )


def _shown(action: Action, where: ABI) -> str:
    """An action with the name of its errno, which a profile has as a number."""
    if action.name == "ERRNO" and isinstance(action.data, int):
        return f"ERRNO({errno_name(action.data, where)})"
    return str(action)


def _since(name: str) -> str:
    page = metadata.pages.get(name)
    return page.since or "" if page is not None else ""


def _version(name: str) -> tuple[int, ...]:
    return version_key(_since(name) or "0")


def _meant(name: str) -> str:
    return hint(name, numbers.calls()).removeprefix(": did you mean ").removesuffix("?")


def _by_topic(names: Iterable[str]) -> list[tuple[str, list[str]]]:
    found: dict[str, list[str]] = {}
    for name in names:
        page = metadata.pages.get(name)
        found.setdefault(page.topics[0] if page is not None and page.topics else "other", []).append(name)
    return sorted(found.items())


def _of_trace(rules: Filter, calls: Mapping[tuple[str, str], int]) -> list[ProfileMeeting]:
    """What the calls of a trace would meet, whose arguments are not known."""
    compared = {name for rule in rules.rules if rule.conditions for name in rule.calls}
    found = []
    for (name, on), times in sorted(calls.items()):
        where = abis.get(on) if on else rules.abis[0]
        if name not in numbers.table(where):
            continue
        if name in compared and where in rules.abis:
            wanted = [rule for rule in rules.rules if name in rule.calls]
            text = f"depends on its arguments, which the trace does not have: {wanted[0]}"
            text += f", and {counted(len(wanted) - 1, 'more rule')}" if wanted[1:] else ""
            found.append(ProfileMeeting(name, where.name, "", times, text))
            continue
        verdict = rules.explain(name, abi=where)
        if verdict.action.name not in _LETS_PASS:
            found.append(ProfileMeeting(name, where.name, _shown(verdict.action, where), times, str(verdict)))
    return found


def _of_program(rules: Filter, events: Trace) -> list[ProfileMeeting]:
    """What the calls of a program would meet, with the arguments that they have."""
    compared = {name for rule in rules.rules if rule.conditions for name in rule.calls}
    verdicts: dict[tuple[str, str], Any] = {}
    found: dict[tuple[str, str, str, str], int] = {}
    for event in events:
        if type(event) is not Entered or not event.abi:
            continue
        key = event.name, event.abi
        verdict = verdicts.get(key)
        if verdict is None:
            named = event.number if event.name.startswith("syscall_") else event.name
            verdict = rules.explain(named, events.words(event.tid), event.abi)
            if event.name not in compared:
                verdicts[key] = verdict
        if verdict.action.name not in _LETS_PASS:
            same = *key, _shown(verdict.action, abis.get(event.abi)), str(verdict)
            found[same] = found.get(same, 0) + 1
    return [ProfileMeeting(*key[:3], times, key[3]) for key, times in sorted(found.items())]
