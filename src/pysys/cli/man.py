"""`pysys man`: a page of the reference as help() shows it, or the pages that hold some words.

Names without a page are shown too, with their own text: flags and their classes, structures, and what pysys
adds to the kernel's calls (spawn, Popen, keyctl_read).
"""

from __future__ import annotations

import re
from enum import EnumType
from typing import TYPE_CHECKING

from pysys import ioctls, metadata
from pysys.cli.output import CommandError, docstring
from pysys.loading import hint
from pysys.metadata.render import Code, Items, Section, Table, Text, sections

if TYPE_CHECKING:
    from argparse import Namespace
    from inspect import Signature
    from typing import Any

    from pysys.cli.output import Output

    Found = tuple[dict[str, Any], list[Section]]  # the data for --json, and what is shown


SECTIONS = ("2", "3", "7")  # of the manual
LIBRARY = "3"


def run(options: Namespace, out: Output) -> int:
    """Show one page, or with -k the pages found."""
    words: list[str] = options.words
    if options.search:
        return _search(" ".join(words), out)
    if len(words) == 2 and words[0] in ("struct", "union"):
        if (found := _structure(words[1])) is None:
            raise CommandError(f"no structure {words[1]}{hint(words[1], _structures())}")
        return _show([found], options, out)
    section, *others = words
    if section in SECTIONS and not all(word.isdecimal() for word in others):
        words = [f"{word}({section})" for word in others]  # as one asks man
    return _show([_found(word, options.abi == "all") for word in words], options, out)


def _found(word: str, all_abis: bool) -> Found:
    """What there is about a word: a page by name or number, a flag, structure, errno, name of pysys."""
    name, section = word, ""
    if match := re.fullmatch(r"(.+)\(([237])\)", word):
        name, section = match.groups()
    if section == LIBRARY:
        _check_library(name)
    if name.isdecimal():
        pages = metadata.by_number(int(name))
        if not pages:
            raise CommandError(f"no call has the number {name} here")
        name = pages[0].name
    if name in metadata.pages:
        page = metadata.page(name)
        return page.as_dict(), list(sections(page, all_abis=all_abis))
    found = _flag(name) or _structure(name) or _errno(name) or _added(name) or _request(name)
    if found is None:
        raise CommandError(f"no page for {name!r}{_elsewhere(name)}")
    return found


def _check_library(name: str) -> None:
    """Of section 3 there are the functions that are close to a call; a call's page has its function, too."""
    page = metadata.pages.get(name)
    if page is None or (page.section == 2 and page.libc is None):
        more = ", and of the name only a page in section 2" if page else ""
        close = f"of which pysys has what is close to a call{more}"
        raise CommandError(f"section 3 is the C library's, {close}: try man 3 {name}")


def names() -> list[str]:
    """All that can be asked for."""
    import pysys
    from pysys.errors import CLASSES
    from pysys.flags import index

    shown = {*metadata.pages, *index.MODULES, *index.MEMBERS, *CLASSES, *_structures(), *_additions()}
    return sorted(shown.union(pysys.__all__, ioctls.table()) - {"__version__"})


def _show(found: list[Found], options: Namespace, out: Output) -> int:
    data = [one for one, _ in found]
    shown = []
    for _, parts in found:
        chosen = _chosen(parts, options.section)
        # Several names with their errors alone: each says whose they are.
        shown += [parts[0], *chosen] if len(found) > 1 and parts[0] not in chosen else chosen
    out.pages(data[0] if len(data) == 1 else data, *shown, title=" ".join(options.words))
    return 0


def _chosen(parts: list[Section], wanted: list[str] | None) -> list[Section]:
    """The sections that were asked for, by the beginning of their titles; all if none was."""
    if not wanted:
        return parts
    chosen = [part for part in parts if part.title.lower().startswith(tuple(one.lower() for one in wanted))]
    if not chosen:
        raise CommandError(f"no such section; there are {', '.join(part.title for part in parts)}")
    return chosen


def _errno(name: str) -> Found | None:
    """An errno: what it means, its numbers, and the causes of every call."""
    from pysys.errors import CLASSES

    if (symbol := name.upper()) not in CLASSES:
        return None
    from pysys.metadata.render import errno_sections

    about = _doc(CLASSES[symbol])
    data: dict[str, Any] = {"name": symbol, "kind": "errno", "text": about}
    data["calls"] = [page.name for page in metadata.by_errno(symbol)]
    return data, [_name(f"pysys.errors.{symbol}"), _description(CLASSES[symbol]), *errno_sections(symbol)]


def _elsewhere(name: str) -> str:
    return f"{hint(name, names())}\nTo search the pages: pysys man -k {name}"


def _flag(name: str) -> Found | None:
    """A constant, with its class; or a class, with its members."""
    from pysys import flags
    from pysys.flags import index

    owner = index.MEMBERS.get(name, name)
    if owner not in index.MODULES:
        return None
    value: Any = getattr(flags, name, None)
    if value is None:
        raise CommandError(f"this architecture has no {name}: it is a member of {owner} on others")
    if isinstance(value, EnumType):
        members: dict[str, int] = dict(value.__members__)
        data: dict[str, Any] = {"name": name, "kind": "flags", "text": _doc(value)}
        data["members"] = [
            {"name": one, "value": int(member), "text": _doc(member)} for one, member in members.items()
        ]
        items = tuple((f"{one} = {_number(member)}", _doc(member)) for one, member in members.items())
        shown = [_name(f"pysys.flags.{name}"), _description(value), Section("MEMBERS", (Items(items),))]
        return data, [*shown, *_takers(name, data)]
    text = _doc(value) if owner != name else ""
    data = {"name": name, "kind": "constant", "value": int(value), "text": text}
    shown = [_name(f"pysys.flags.{name} = {_number(value)}")]
    if owner != name:
        data["class"] = owner
        shown.append(Section("DESCRIPTION", tuple(docstring(text))))
        shown.append(Section("CLASS", (Text(f"{owner}: see `pysys man {owner}`"),)))
    return data, [*shown, *_takers(name, data)]


def _takers(name: str, data: dict[str, Any]) -> list[Section]:
    """The calls that take a flag or a structure; data gets their names, too."""
    pages = metadata.find(takes=name)
    data["calls"] = [page.name for page in pages]
    rows = tuple((page.name, page.summary) for page in pages)
    return [Section("TAKEN BY", (Table(("call", "summary"), rows),))] if rows else []


def _number(value: int) -> str:
    return f"{int(value):#x}" if value > 9 else str(int(value))


def _structures() -> list[str]:
    """The structures of every ABI."""
    from pysys.structures.documentation import TEXTS

    return [*TEXTS]


def _structure(name: str) -> Found | None:
    from pysys import structures
    from pysys.structures.documentation import TEXTS

    kind = getattr(structures, name, None)
    if not (isinstance(kind, type) and hasattr(kind, "nbytes")) or name in ("Array", "Structure"):
        if name in TEXTS:
            raise CommandError(f"this ABI has no structure {name}")
        return None
    fields = structures.describe(name)
    about = _doc(kind).partition("\n\n")[0]
    rows = tuple(
        (one.name, one.ctype, str(one.offset), _doc(vars(kind)[one.name], one.ctype)) for one in fields
    )
    data = {"name": name, "kind": "structure", "nbytes": kind.nbytes, "text": about}
    data["fields"] = [
        {"name": one, "type": ctype, "offset": int(offset), "text": text} for one, ctype, offset, text in rows
    ]
    table = Table(("field", "type", "offset", ""), rows)
    # Calls take the structure that this one is declared in.
    outer = max((one for one in TEXTS if f"{kind.__name__}_".startswith(f"{one}_")), key=len)
    return data, [
        _name(f"pysys.structures.{name}"),
        Section("DESCRIPTION", tuple(docstring(about))),
        Section("FIELDS", (table,)),
        *_takers(outer, data),
    ]


def _additions() -> list[str]:
    """What pysys.calls has besides the kernel's calls."""
    from pysys.calls import _HANDWRITTEN

    return [*_HANDWRITTEN]


def _added(name: str) -> Found | None:
    """A name of pysys, or of what pysys.calls adds."""
    from inspect import getdoc, isclass, ismodule, signature

    import pysys
    from pysys import calls

    home = pysys if name in pysys.__all__ else calls if name in _additions() else None
    if home is None or name == "__version__":
        return None
    value: Any = getattr(home, name)
    parts = [_name(f"{home.__name__}.{name}")]
    data: dict[str, Any] = {"name": name, "kind": "module" if ismodule(value) else "function"}
    if not ismodule(value):
        data["signature"] = f"{name}{_bare(signature(value))}"
        parts.append(Section("SIGNATURE", (Code("python", _broken(data["signature"])),)))
    data["text"] = _doc(value)
    parts.append(_description(value))
    if isclass(value):
        data["kind"] = "class"
        members = {one: getdoc(getattr(value, one)) or "" for one in dir(value) if not one.startswith("_")}
        data["members"] = [{"name": one, "text": text} for one, text in members.items()]
        items = tuple((one, text.partition("\n\n")[0]) for one, text in members.items() if text)
        parts.append(Section("MEMBERS", (Items(items),)))
    return data, parts


def _request(name: str) -> Found | None:
    """A request of ioctl."""
    try:
        request = ioctls.find(name)
    except LookupError:
        return None
    from pysys.cli import ioctl

    shown = [_name(f"pysys.ioctls.{name} = {int(request):#x}"), ioctl.section(request, "REQUEST")]
    return {**ioctl.data(request), "kind": "request of ioctl"}, shown


class _Annotation(str):
    """An annotation that shows as it is written, without quotes."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def _bare(found: Signature) -> Signature:
    def bare(annotation: Any) -> Any:
        return _Annotation(annotation) if isinstance(annotation, str) else annotation

    parameters = [one.replace(annotation=bare(one.annotation)) for one in found.parameters.values()]
    return found.replace(parameters=parameters, return_annotation=bare(found.return_annotation))


def _broken(text: str) -> str:
    """A signature with a line for each parameter where it is long."""
    if len(text) <= 70:
        return text
    from re import sub

    return sub(r", (?=\*|\w+: )", ",\n    ", text.replace("(", "(\n    ", 1))


def _name(text: str) -> Section:
    return Section("NAME", (Text(text),))


def _description(value: object) -> Section:
    return Section("DESCRIPTION", tuple(docstring(_doc(value))))


def _doc(value: object, but: str = "") -> str:
    """A docstring; without what it begins with."""
    from inspect import cleandoc

    return cleandoc(str(value.__doc__ or "")).removeprefix(but).removeprefix("; ")


MOST = 20  # flags and structures that are listed with the pages


def _search(text: str, out: Output) -> int:
    """The pages, and the flags, structures and errnos; these first where one has just this name."""
    pages, terms = metadata.search(text), metadata.terms(text)
    if not pages and not terms:
        raise CommandError(f"no page holds {text!r}")
    data: list[dict[str, Any]] = [
        {"name": page.name, "section": page.section, "kind": page.kind, "summary": page.summary}
        for page in pages
    ]
    data += [{"name": term.name, "kind": term.kind, "summary": term.text} for term in terms]
    rows = tuple((page.name, page.summary or "(no summary yet)") for page in pages)
    found = [Section("PAGES", (Table(("name", "summary"), rows),))] if rows else []
    if terms:
        shown = tuple((one.name, f"{one.kind}: {_first_sentence(one.text)}") for one in terms[:MOST])
        more = len(terms) - len(shown)
        title = "FLAGS, STRUCTURES, ERRNOS"
        rest = (Text(f"and {more} more, with --json all of them"),) if more > 0 else ()
        at = 0 if terms[0].name.lower() == text.lower() else len(found)
        found.insert(at, Section(title, (Table(("name", "what it is"), shown), *rest)))
    out.pages(data, *found, title=f"-k {text}")
    return 0


def _first_sentence(text: str) -> str:
    """Up to a point behind a word: those of `..` end nothing."""
    return re.split(r"(?<=[^\s.])\. ", text)[0]
