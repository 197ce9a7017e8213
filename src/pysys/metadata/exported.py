"""The complete reference as data, for other programs: docs/export.schema.json describes it."""

from __future__ import annotations

from pysys import __version__, tables
from pysys.loading import load as load_module
from pysys.metadata import generated, load

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from pysys.metadata.model import Page


def everything(pages: Iterable[Page]) -> dict[str, Any]:
    """Pages, errnos, flags and structures, in lists, dictionaries, strings and numbers."""
    return {
        "pysys": __version__,
        "kernel": tables.KERNEL_VERSION,
        "abi": next(iter(load.family()), ""),
        "glibc": load.libc_version(),
        "pages": [page.as_dict() for page in pages],
        "errnos": [
            {"name": symbol, "meaning": load.meaning(symbol), "numbers": load.errno_values(symbol)}
            for symbol in load.errnos()
        ],
        "flags": [
            {"name": group.name, "text": group.text, "members": _members(group)}
            for name in load_module("pysys.flags.index").MODULES
            if (group := generated.members(name)) is not None
        ],
        "structures": [_structure(name) for name in _documented()],
    }


def _members(group: generated.Group) -> list[dict[str, Any]]:
    kind = getattr(load_module("pysys.flags"), group.name)
    return [{"name": name, "value": int(kind[name]), "text": text} for name, text in group.items]


def _documented() -> list[str]:
    """The names of structures; none where the package has no extension."""
    try:
        return list(load_module("pysys.structures.documentation").TEXTS)
    except ImportError:
        return []


def _structure(name: str) -> dict[str, Any]:
    group = generated.structure(name)
    return {
        "name": name,
        "text": group.text,
        "fields": [{"name": field, "text": text} for field, text in group.items],
    }
