"""What the package knows of a call besides its page's text: parameters, structures and flags, in words."""

from __future__ import annotations

from pysys.loading import counted, load
from pysys.metadata.light import Record, cache
from pysys.parameters import behaviour, described, parameters, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pysys.metadata.model import Page

# A class of flags with more members is only named, if it is a field's and not a parameter's own.
MANY = 24


class Group(Record):
    """A structure with its fields, or a class of flags with its members: name, text, terms and texts."""

    name: str
    text: str
    items: tuple[tuple[str, str], ...]


def parameter_texts(page: Page) -> tuple[tuple[str, str], ...]:
    """Each parameter of the call, what it takes, and what the page says of it."""
    written = dict(page.arguments)
    known = parameters(page.name) or described(page.name)
    if not known:
        return tuple(written.items())
    texts = []
    for one in known:
        text = words.in_words(one)
        default = f" (default {one.default})" if one.default else ""
        more = f" {written[one.name]}" if one.name in written else ""
        texts.append((one.name, f"{text[0].upper()}{text[1:]}{default}.{more}"))
    # What only the definitions of other ABIs have.
    usual = {one.name for one in known}
    texts += [(name, text) for name, text in written.items() if name not in usual]
    return tuple(texts)


# Why a call is not made again after a signal, of its parameters from the one on that decides.
_CONDITIONS = {
    "never": "at all",
    "pointer": "with {}",
    "milliseconds": "with a limit in {}",
    "relative": "without TIMER_ABSTIME",
    "receiving": "on a socket with SO_RCVTIMEO",
    "sending": "on a socket with SO_SNDTIMEO",
}


def repeated(page: Page) -> str:
    """Whether pysys makes the call again after a signal; empty if no signal is known to interrupt it."""
    conditions = behaviour(page.name).get("eintr", "")
    if not conditions:
        known = "EINTR" in page.documented or any(cause.errno == "EINTR" for cause in page.errors)
        return "made again" if known and page.kind == "call" else ""
    if conditions == "never":
        return "not made again: EINTR is an answer"
    names = [one.name for one in parameters(page.name) or ()]
    texts = []
    for condition in conditions.split(","):
        kind, _, index = condition.partition(":")
        texts.append(_CONDITIONS[kind].format(*names[int(index) :]))
    return f"made again, but not {' or '.join(texts)}"


def structures(name: str) -> tuple[Group, ...]:
    """The structures that the call's parameters point to; none where the package has no extension."""
    known = parameters(name) or ()
    try:
        documentation = load("pysys.structures.documentation").TEXTS
    except ImportError:
        return ()
    return tuple(structure(one) for one in dict.fromkeys(one.points for one in known) if one in documentation)


def structure(name: str) -> Group:
    """A documented structure with those of its fields of which there is something to say."""
    lines = load("pysys.structures.documentation").TEXTS[name].split("\n        ")
    first = next((i for i, line in enumerate(lines) if i and _has_field(line)), len(lines))
    field_flags = load("pysys.structures.field_flags")
    fields = dict(line.split(": ", 1) for line in _joined(lines[first:]))
    for key in field_flags.FIELDS:
        if key.partition(".")[0] == name:
            fields.setdefault(key.partition(".")[2], "")
    items = tuple((one, _sentence(text, field_flags.of(name, one))) for one, text in fields.items())
    return Group(name, " ".join(" ".join(lines[:first]).split()), items)


def _has_field(line: str) -> bool:
    head, colon, _ = line.partition(": ")
    return bool(colon) and all(part.isidentifier() for part in head.replace(",", " ").split())


def _joined(lines: list[str]) -> list[str]:
    """Lines of `field: meaning`; a longer meaning goes on in lines that have no field."""
    found: list[str] = []
    for line in lines:
        if _has_field(line):
            found.append(line)
        else:
            found[-1] += " " + line.strip()
    return found


def _sentence(text: str, classes: tuple[str, ...]) -> str:
    values = ", ".join(f"flags.{one}" for one in classes)
    return "; ".join(part for part in (text, values) if part)


def flags(page: Page) -> tuple[Group, ...]:
    """The classes of flags that the call takes, each with its members, and what the page says of them."""
    written = dict(page.flags)
    elsewhere = page.flags_elsewhere
    own = [name for _, name in _parameters(page.name)]
    found = []
    for name in dict.fromkeys((*own, *(name for _, name in _fields(page.name)))):
        if (values := taken(page.name, name)) is None:
            continue
        if name in elsewhere:
            found.append(_referred(values, written, f"listed on the page of {elsewhere[name]}"))
        elif name not in own and len(values.items) > MANY:
            found.append(_referred(values, written, f"see `pysys man {name}`"))
        else:
            found.append(_listed(values, written))
    return (*found, *_unlisted(found, written))


def taken(call: str, name: str) -> Group | None:
    """A class with those of its members that a call takes; None where this architecture lacks the class."""
    values = members(name)
    for kind in _parameters, _fields, of_commands:
        if places := [place for place, one in kind(call) if one == name]:
            break
    if values is None or not places:
        return values
    some = load("pysys.parameters.members").taken
    known = [one for one, _ in values.items]
    found = frozenset[str]().union(*(some(place, known) for place in places))
    return Group(name, values.text, tuple((one, text) for one, text in values.items if one in found))


def _parameters(call: str) -> list[tuple[str, str]]:
    """The parameters themselves that take flags, "openat.flags", with their classes."""
    own = [(f"{call}.{one.name}", one.flags) for one in parameters(call) or () if one.flags]
    return own + [(place, name) for place, name in _further(call) if "(" not in place]


def of_commands(call: str) -> list[tuple[str, str]]:
    """Parameters that take flags under a command, "fcntl(F_SETFL).arg", with their classes."""
    return [(place, name) for place, name in _further(call) if ")." in place]


def _further(call: str) -> list[tuple[str, str]]:
    further = load("pysys.parameters.further_flags").of_call(call)
    return [
        (f"{call}{key}" if key[0] == "(" else f"{call}.{key}", name)
        for key, classes in further.items()
        if key  # else it is about the result
        for name in classes
    ]


def _fields(call: str) -> list[tuple[str, str]]:
    """The fields of structures, with their classes; none where the package has no extension."""
    try:
        fields = load("pysys.structures.field_flags").FIELDS
    except ImportError:
        return []
    return [
        (key, name)
        for one in parameters(call) or ()
        for key, classes in fields.items()
        if one.points and key.partition(".")[0] == one.points
        for name in classes.split()
    ]


def _referred(values: Group, written: dict[str, str], place: str) -> Group:
    """A class that another place lists, with the members of which the page says something."""
    special = tuple((one, written[one]) for one, _ in values.items if one in written)
    text = f"{counted(len(values.items), 'value')}: {place}."
    return Group(values.name, _with(text, written.get(values.name)), special)


def _listed(values: Group, written: dict[str, str]) -> Group:
    """A class with all its members, and what the page says besides."""
    items = tuple((one, _with(text, written.get(one))) for one, text in values.items)
    return Group(values.name, _with(values.text, written.get(values.name)), items)


def _unlisted(found: list[Group], written: dict[str, str]) -> list[Group]:
    """What the page says of flags whose class no parameter and no field has."""
    shown = {term for group in found for term in (group.name, *(one for one, _ in group.items))}
    owners = load("pysys.flags.index").MEMBERS
    return [
        Group(owners.get(name, name), "", ((name, text),))
        for name, text in written.items()
        if name not in shown
    ]


def _with(text: str, more: str | None) -> str:
    return text if more is None else f"{text} {more}"


@cache
def members(name: str) -> Group | None:
    """A class of pysys.flags with its members; None for a constant, or where this architecture lacks it."""
    kind: Any = getattr(load("pysys.flags"), name, None)
    if not hasattr(kind, "__members__"):
        return None
    about = (kind.__doc__ or "").split("\n\n")
    items = tuple((one, (member.__doc__ or "").strip()) for one, member in kind.__members__.items())
    return Group(name, " ".join(" ".join(about[1:]).split()), items)
