"""Runs a program and notes the calls that it makes, with its threads and all that it starts."""

from __future__ import annotations

from pysys import seccomp
from pysys.loading import load
from pysys.profiles import comparing, loaders, writing
from pysys.seccomp import errno
from pysys.tracing import Entered, Executed, Started, trace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any

    from pysys._types import Path
    from pysys.profiles.comparing import Values
    from pysys.seccomp import Action, Filter
    from pysys.tracing import Trace

__all__ = ["RecordedCall", "Recording", "record"]

_ALLOW = "SCMP_ACT_ALLOW"


class RecordedCall:
    """A call that a program has made.

    by_program: whether anything but the dynamic loader has made it. values: the sets of values that its
    flags and commands had, as pairs of parameter and number; with an empty one, any are allowed.
    """

    __slots__ = ("by_program", "values")

    def __init__(self, by_program: bool = False, values: Iterable[Values] = ()) -> None:
        self.by_program = by_program
        self.values: set[Values] = set(values)

    def __repr__(self) -> str:
        return f"<RecordedCall by {'the program' if self.by_program else 'its loader'}>"


class Recording:
    """The calls of one or several runs; + merges two.

    abis: the ABIs by which they were made. calls: by name. unnamed: ABI and number of calls that have no
    name here, which no profile can allow. returncode: of the program, minus the signal that ended it; None
    if several were merged, or none was run.
    """

    def __init__(
        self,
        abis: Iterable[str] = (),
        calls: Mapping[str, RecordedCall] | None = None,
        unnamed: Iterable[tuple[str, int]] = (),
        returncode: int | None = None,
    ) -> None:
        self.abis = list(abis)
        self.calls = dict(calls or {})
        self.unnamed = set(unnamed)
        self.returncode = returncode

    @classmethod
    def read(cls, profile: str | bytes) -> Recording:
        """What a profile allows that write("oci") has made, or a similar one.

        Raises ValueError for one with other rules than a recording has.
        """
        found = load("json").loads(profile)
        if not isinstance(found, dict):
            raise ValueError("the profile is not an object of JSON")
        found = found.get("linux", {}).get("seccomp", found)
        made = cls(one.name for one in seccomp.from_oci(found).abis)
        for rule in found.get("syscalls") or ():
            if rule.get("action") != _ALLOW or rule.get("includes") or rule.get("excludes"):
                raise ValueError("the profile has rules that are not simply to allow a call")
            title = rule.get("comment", "")
            if title in (writing.ALWAYS, writing.CONTAINER):
                continue
            for name in rule.get("names") or ():
                call = made.calls.setdefault(name, RecordedCall())
                call.by_program |= title != writing.LOADER
                call.values.add(comparing.of_profile(name, made.abis[0], rule.get("args") or ()))
        return made

    def note(self, name: str, on: str, values: Values, by_program: bool) -> None:
        """Add a call. on: the ABI."""
        if on not in self.abis:
            self.abis.append(on)
        call = self.calls.get(name)
        if call is None:
            call = self.calls[name] = RecordedCall()
        call.by_program |= by_program
        call.values.add(values)

    def __add__(self, other: Recording) -> Recording:
        if not isinstance(other, Recording):
            return NotImplemented
        calls = {}
        for name in sorted(self.calls.keys() | other.calls.keys()):
            both = [one.calls[name] for one in (self, other) if name in one.calls]
            calls[name] = RecordedCall(
                any(one.by_program for one in both), set().union(*(one.values for one in both))
            )
        return Recording(dict.fromkeys((*self.abis, *other.abis)), calls, self.unnamed | other.unnamed)

    def filter(
        self, default: Action | None = None, *, container: bool = False, also: Iterable[str] = ()
    ) -> Filter:
        """The filter that allows these calls, and those without which no program can run.

        default: what is done with all others; None for errno("EPERM").
        container: whether to allow what a container runtime does between the filter and the program.
        also: more names of calls, groups ("@default") and topics ("topic:time").

        Returns a seccomp.Filter. Raises LookupError for unknown names in `also`.
        """
        return writing.filter_of(self, errno("EPERM") if default is None else default, container, also)

    def write(
        self,
        form: str = "oci",
        default: Action | None = None,
        *,
        container: bool = False,
        also: Iterable[str] = (),
    ) -> str:
        """The same as text: "oci", JSON for a container engine; "systemd", lines for a unit; "python".

        The calls are in groups by topic, with those that only the dynamic loader has made in one of their
        own. For the other arguments, see filter(). Raises ValueError for what the form cannot say.
        """
        return writing.written(self, form, errno("EPERM") if default is None else default, container, also)

    def __repr__(self) -> str:
        return f"<Recording of {len(self.calls)} calls of {', '.join(self.abis) or 'no ABI'}>"


def record(
    argv: Iterable[Path],
    *,
    env: Mapping[str, str] | None = None,
    arguments: bool = False,
    started: Callable[[Trace], Any] | None = None,
) -> Recording:
    """ptrace(2): run a program to its end and note the calls that it, its threads and its children make.

    argv: the program's arguments, of which the first is its name, looked for in the PATH of env.
    env: its environment; None: this process's.
    arguments: whether to note the values of flags and commands too, so that only these are allowed.
    started: is called with the pysys.Trace when the program runs.

    A call counts when it is made, whether it succeeds or not. What a trace changes for the program, and what
    it does not see, pysys.trace() says.

    Returns a Recording. Raises what pysys.trace() raises. Since Linux 5.3.
    """
    found = Recording()
    with trace(argv, env=env, entries=True, arguments=False) as events:
        if started is not None:
            started(events)
        spans: dict[int, loaders.Span] = {}
        is_first = True
        for event in events:
            if type(event) is Entered:
                if is_first:  # the execve that starts the program, which is not its own
                    is_first = False
                    continue
                if not event.abi or event.name.startswith("syscall_"):
                    found.unnamed.add((event.abi, event.number))
                    continue
                first, behind = spans.get(event.pid, loaders.NOWHERE)
                values = (
                    comparing.of_words(event.name, event.abi, events.words(event.tid)) if arguments else ()
                )
                found.note(event.name, event.abi, values, not first <= events.origin < behind)
            elif isinstance(event, Executed):
                spans[event.pid] = loaders.of_process(event.pid)
            elif isinstance(event, Started) and event.pid == event.tid:
                spans[event.pid] = spans.get(event.parent, loaders.NOWHERE)
    found.returncode = events.returncode
    return found
