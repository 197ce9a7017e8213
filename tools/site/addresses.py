"""Where each name has its page, as a path from the top of the site."""

from __future__ import annotations

import inspect
import re
from functools import cache

from pysys import calls, errors, flags, metadata
from pysys.flags import index
from pysys.metadata import load
from pysys.structures.documentation import TEXTS

# Where manuals lie that are not about calls: a Related leads there if there is no page of ours.
MANUALS = "https://man7.org/linux/man-pages/man{section}/{name}.{section}.html"


@cache
def calls_pages() -> dict[str, str]:
    """The pages of section 2, and of what is close to it."""
    return {name: f"call/{name}.html" for name in metadata.pages}


@cache
def classes() -> dict[str, str]:
    """The classes of flags that this architecture has."""
    kinds = (name for name in index.MODULES if hasattr(getattr(flags, name, None), "__members__"))
    return {name: f"flags/{name}.html" for name in kinds}


@cache
def constants() -> dict[str, str]:
    """Flags and errnos: what stands in capitals."""
    found = {
        name: f"{classes()[owner]}#{name}"
        for name, owner in index.MEMBERS.items()
        if owner in classes() and name in getattr(flags, owner).__members__
    }
    return found | errnos()


@cache
def errnos() -> dict[str, str]:
    """Errnos, each with the second names that it has."""
    known = {*load.errnos(), *errors.CLASSES}
    return {name: f"errno/{load.main_symbol(name)}.html" for name in sorted(known)}


@cache
def structures() -> dict[str, str]:
    """The documented structures."""
    return {name: f"struct/{name}.html" for name in TEXTS}


@cache
def families() -> dict[str, str]:
    """The functions of pysys.calls that are written by hand."""
    return {
        name: f"python/calls-{family.strip('_')}.html#{name}"
        for family, names in calls._FAMILIES.items()
        for name in names.split()
    }


_WAYS = {"flags": (classes, constants), "errors": (errnos,), "structures": (structures,)}


def of_dotted(words: list[str]) -> str:
    """The address of "calls.openat2", "flags.ResolveFlags", "pysys.spawn"; empty if unknown."""
    import pysys

    if words[0] == "pysys":
        words = words[1:]
        if len(words) == 1 and words[0] in pysys.__all__:
            page = "pysys-classes" if inspect.isclass(getattr(pysys, words[0])) else "pysys"
            return f"python/{page}.html#{words[0]}"
    if len(words) < 2:
        return ""
    home, name = words[0], words[-1]
    for table in _WAYS.get(home, ()):
        if name in table() or words[1] in table():
            return table().get(name) or table()[words[1]]
    if home == "calls":
        return families().get(name) or calls_pages().get(name, "")
    return f"python/{home}.html#{name}" if home in PUBLIC and name in public(home) else ""


# The modules whose functions and classes have a page each for all of them.
PUBLIC = ("abi", "errors", "flags", "ioctls", "metadata", "numbers", "rings", "seccomp", "structures")


@cache
def public(module: str) -> tuple[str, ...]:
    """What a module offers, without what has pages of its own."""
    import pysys

    home = getattr(pysys, module)
    own = {**classes(), **constants(), **structures(), **errnos(), **index.MODULES, **index.MEMBERS}
    names = getattr(home, "__all__", None) or [name for name in dir(home) if name[0] != "_"]
    return tuple(name for name in names if name not in own and hasattr(home, name))


def of_manual(reference: str) -> str:
    """The address of "vfork(2)", or of a page in another section; empty for what is neither."""
    match = re.fullmatch(r"([\w.+-]+)(?:\((\d)\w*\))?", reference)
    if match is None:
        return ""
    name, section = match.groups()
    if name in calls_pages() and section in (None, "2", "3", str(metadata.page(name).section)):
        return calls_pages()[name]
    if name in structures() and section in (None, "2"):
        return structures()[name]
    if name in constants():
        return constants()[name]
    if name in calls._HANDWRITTEN:
        return families()[name]
    if not section:
        section = {"getauxval": "3", "seccomp_unotify": "2"}.get(name, "")
    return MANUALS.format(name=name, section=section) if section else ""
