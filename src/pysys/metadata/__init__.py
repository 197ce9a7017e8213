"""The reference: what pysys knows of every name in section 2.

    page("fork")                the page of one name: text, numbers, history, errors, profiles
    pages                       every name, as a mapping from name to page
    by_number, by_abi,          queries; each answers with a tuple of pages
    by_errno, since, find,
    search("user namespace")
    terms("beneath")            flags, structures and errnos
    causes("fork", "EAGAIN")    why this call gives this errno
    export()                    everything, as data
    Cause, Profile, ...         the classes that pages and answers consist of

Layout: reference.bin has the pages (written by hand, see docs/pages.md) and search.sqlite their words.
load.py reads both, and pysys.tables; model.py is what they become, generated.py adds what the package knows
of parameters, structures and flags, query.py answers questions, exported.py has everything as data,
render.py makes text, doc.py shows that text in help(), profiles.py puts seccomp profiles into words,
not_calls.py explains the names that are not calls; light.py has what takes less time to import than typing.

Nothing here needs the compiled extension, and nothing is read before it is needed. If it cannot be read then,
errors.NotLoadedError is raised; pysys.preload() reads everything in advance.
"""

from __future__ import annotations

import sys as _sys

from pysys.loading import load as _load

__all__ = [
    "Argument",
    "Cause",
    "Change",
    "Condition",
    "Conforming",
    "Containers",
    "Entry",
    "Example",
    "Function",
    "Item",
    "Kept",
    "Listing",
    "Page",
    "Pitfall",
    "Profile",
    "Related",
    "Rule",
    "Security",
    "Signature",
    "Substitute",
    "Term",
    "UnknownPageError",
    "by_abi",
    "by_errno",
    "by_number",
    "causes",
    "export",
    "find",
    "page",
    "pages",
    "search",
    "since",
    "terms",
]

# Where the classes are that pages consist of; all else is in query.
_HOMES = {"Listing": "overviews", "UnknownPageError": "load"}
_HOMES |= dict.fromkeys(("Argument", "Profile", "Rule"), "profiles")
_HOMES |= dict.fromkeys(
    (
        "Cause",
        "Change",
        "Condition",
        "Conforming",
        "Containers",
        "Entry",
        "Example",
        "Function",
        "Item",
        "Kept",
        "Page",
        "Pitfall",
        "Related",
        "Security",
        "Signature",
        "Substitute",
        "Term",
    ),
    "model",
)


def __getattr__(name: str) -> object:
    if name not in __all__:
        text = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(text, name=name, obj=_sys.modules[__name__])  # Python makes a suggestion of them
    value: object = getattr(_load(f"{__name__}.{_HOMES.get(name, 'query')}", f"{__name__}.{name}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
