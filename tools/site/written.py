"""Writes the pages with the templates."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined

import pysys
from pysys import metadata, tables
from pysys.abi import ABIS
from pysys.metadata import load
from tools.site import abis, calls, guides, lists, python_api, search, terms
from tools.site.registers import in_words

if TYPE_CHECKING:
    from tools.site.content import Content

HERE = Path(__file__).resolve().parent
KINDS = (calls, terms, lists, abis, python_api, guides)


def contents() -> list[Content]:
    """Every page that is not a template of its own."""
    return [content for kind in KINDS for content in kind.pages()]


def write(folder: Path) -> list[Content]:
    """The site, without the index of its text."""
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {
        "version": pysys.__version__,
        "kernel": tables.KERNEL_VERSION,
        "abis": list(ABIS),
        "registers": {name: in_words(abi) for name, abi in ABIS.items()},
    }
    found = contents()
    page = environment.get_template("page.html")
    for content in found:
        path = folder / content.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page.render(content=content, up=content.markup.up, title=content.title), "utf-8")
    own = {
        "title": "pysys",
        "up": "",
        "counts": _counts(found),
        "topics": sorted(load.all_topics()),
        "guides": [one for one in found if one.kind == "guide"],
    }
    for name in ("index.html", "search.html", "404.html"):
        (folder / name).write_text(environment.get_template(name).render(own), "utf-8")
    for path in (HERE / "static").iterdir():
        shutil.copy(path, folder / path.name)
    (folder / "names.js").write_text(search.names(found), "utf-8")
    (folder / "reference.json").write_text(json.dumps(metadata.export()), "utf-8")
    shutil.copy(guides.DOCS / "export.schema.json", folder)
    return found


def _counts(found: list[Content]) -> dict[str, int]:
    kinds = [one.kind for one in found]
    return {kind: kinds.count(kind) for kind in set(kinds)} | {"names": len(metadata.pages)}
