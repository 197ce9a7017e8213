"""`pysys probe`: what this place allows, and which calls a filter refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pysys import numbers, seccomp
from pysys.cli.output import CommandError
from pysys.diagnosis import filters
from pysys.diagnosis.place import probe, shown
from pysys.diagnosis.programs import programs
from pysys.metadata.render import Code, Items, Section, Table, Text

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterable, Iterator
    from typing import Any

    from pysys.cli.output import Output
    from pysys.diagnosis.filters import CallVerdict
    from pysys.diagnosis.place import Place
    from pysys.metadata.render import Block


def run(options: Namespace, out: Output) -> int:
    """Show all, or who answers the calls that were named."""
    if options.filters is not None:
        return _programs(options.filters, out)
    if options.calls:
        return _calls(options.calls, out)
    place = probe()
    out.answer(place.as_dict(), *_sections(place))
    return 0


def _calls(names: list[str], out: Output) -> int:
    found = {}
    for name in names:
        try:
            found[name] = filters.verdict(name)
        except (numbers.UnknownCallError, numbers.NoNumberError) as error:
            raise CommandError(str(error)) from None
    rows = tuple((one.call, _state(one), one.reason) for one in found.values())
    data = {"calls": {name: one._asdict() for name, one in found.items()}}
    out.answer(data, Section("CALLS", (Table(("call", "state", "why"), rows),)))
    return 0


def _programs(pid: int, out: Output) -> int:
    """The filters of a process, disassembled."""
    found = programs(pid)
    if not found:
        raise CommandError(f"the filters of {pid} are unknown: {found.unknown}")
    texts = [str(seccomp.disassemble(one)) for one in found.value]
    data: dict[str, list[dict[str, Any]]] = {
        "filters": [{"program": [list(one) for one in program]} for program in found.value]
    }
    for one, text in zip(data["filters"], texts, strict=True):
        one["text"] = text.splitlines()
    parts = [Section(f"FILTER {index}", (Code("", text),)) for index, text in enumerate(texts)]
    out.answer(data, *(parts or (f"process {pid} has no filter",)))
    return 0


def _state(one: CallVerdict) -> str:
    return f"refused: {one.answer}" if one.state == "refused" else one.state


def _sections(place: Place) -> Iterator[Section]:
    for topic, named in place.facts.items():
        rows = tuple((name, shown(one)) for name, one in named.items())
        yield Section(topic.upper(), (Table(("", ""), rows),))
    counts = ", ".join(f"{count} {state}" for state, count in place.counts().items())
    blocks: list[Block] = [Text(f"{len(place.calls)} calls: {counts}.")]
    blocks += _grouped("refused", ((one, f"with {one.answer}") for one in place.calls.values()))
    blocks += _grouped("absent", ((one, "this kernel does not have them") for one in place.calls.values()))
    blocks += _grouped("unknown", ((one, one.reason) for one in place.calls.values()))
    yield Section("CALLS", tuple(blocks))


def _grouped(state: str, reasons: Iterable[tuple[CallVerdict, str]]) -> Iterator[Items]:
    """The calls in a state, by what there is to say of it."""
    found: dict[str, list[str]] = {}
    for one, reason in reasons:
        if one.state == state:
            found.setdefault(reason, []).append(one.call)
    if found:
        yield Items(tuple((f"{state}: {reason}", " ".join(names)) for reason, names in found.items()))
