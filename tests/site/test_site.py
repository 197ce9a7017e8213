"""The site as files: links, anchors, sizes, what each page has; and the pages for man(1)."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest

from pysys import metadata
from pysys.abi import ABIS
from tools.site import addresses
from tools.site.registers import registers

pytestmark = pytest.mark.once

MOST = 100_000  # bytes of a page


class Read(HTMLParser):
    """What a page has: its anchors, what it loads, where it leads, its headings."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.headings: list[int] = []
        self.marks: list[str] = []
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.feed(text)
        self.wrong += self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.ids += [values["id"]] if "id" in values else []
        self.marks.append(tag)
        if tag == "a":
            self.links.append(values["href"])
            self.wrong += ["a in a"] if "a" in self.open else []
        elif "src" in values or "href" in values:
            self.loaded.append(values.get("src") or values["href"])
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in ("meta", "link", "input", "br", "hr", "img"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.open and self.open[-1] == tag:
            self.open.pop()
        else:
            self.wrong.append(f"</{tag}>")


class Page(NamedTuple):
    """A file of the site, and what was read in it."""

    path: Path
    size: int
    read: Read


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[str, Page]:
    """Every page by its path from the top."""
    found = {}
    for path in sorted(site.rglob("*.html")):
        text = path.read_bytes()
        found[str(path.relative_to(site))] = Page(path, len(text), Read(text.decode()))
    return found


def test_no_link_is_dead(site: Path, pages: dict[str, Page]) -> None:
    """Each link leads to a file of the site and to an anchor that it has, or to another site's manual."""
    dead = []
    count = 0
    for name, page in pages.items():
        for link in page.read.links:
            if link.startswith("https://"):
                continue
            count += 1
            path, _, anchor = link.partition("#")
            target = os.path.normpath(os.path.join(os.path.dirname(name), path)) if path else name
            if target not in pages:
                dead += [] if not anchor and (site / target).is_file() else [f"{name}: {link}"]
            elif anchor and anchor not in pages[target].read.ids:
                dead.append(f"{name}: {link}")
    assert count > 100_000
    assert not dead, "\n".join(dead[:50])


def test_pages_are_small_and_well_formed(pages: dict[str, Page]) -> None:
    """A page has less than 100 kB, each anchor once, one title, and no heading without the one above it."""
    wrong = []
    for name, page in pages.items():
        ids, headings = page.read.ids, page.read.headings
        if page.size > MOST:
            wrong.append(f"{name}: {page.size} bytes")
        if len(ids) != len(set(ids)):
            wrong.append(f"{name}: an anchor twice")
        if headings[0] != 1 or headings.count(1) != 1:
            wrong.append(f"{name}: titles {headings}")
        if any(low > high + 1 for high, low in pairwise(headings)):
            wrong.append(f"{name}: headings {headings}")
        if not {"main", "nav", "header", "footer"} <= set(page.read.marks):
            wrong.append(f"{name}: no landmarks")
        wrong += [f"{name}: {one}" for one in page.read.wrong]
    assert len(pages) > 1500
    assert not wrong, "\n".join(wrong[:50])


def test_nothing_is_loaded_from_elsewhere(site: Path, pages: dict[str, Page]) -> None:
    """What a page loads is a file of the site, by a path that also works from a folder."""
    wrong = []
    for name, page in pages.items():
        for one in page.read.loaded:
            if one != "data:," and not (page.path.parent / one).is_file():
                wrong.append(f"{name}: {one}")
    assert not wrong
    assert not re.search(r"url\(|@import", (site / "style.css").read_text())


def test_each_name_has_a_page_and_each_fact_an_anchor(pages: dict[str, Page]) -> None:
    """Of every name, class of flags, structure and errno; in them, of causes, members and parameters."""
    wrong = []
    for name, page in metadata.pages.items():
        ids = set(pages[addresses.calls_pages()[name]].read.ids)
        wanted = {f"{cause.errno}-1" for cause in page.errors}
        wanted |= {
            f"{errno}-{count}"
            for errno in {one.errno for one in page.errors}
            for count in [_causes(name, errno)]
        }
        wanted |= {f"parameter-{one.name}" for one in page.parameters if one.name.isidentifier()}
        wrong += [f"{name}: {one}" for one in wanted - ids]
    for table in addresses.classes, addresses.constants, addresses.structures, addresses.errnos:
        for name, address in table().items():
            path, _, anchor = address.partition("#")
            if path not in pages or (anchor and anchor not in pages[path].read.ids):
                wrong.append(f"{name}: {address}")
    assert not wrong, "\n".join(wrong[:50])


def _causes(name: str, errno: str) -> int:
    return len(metadata.causes(name, errno))


def test_each_related_name_leads_somewhere(pages: dict[str, Page]) -> None:
    """The last part of a call's page has as many links as there are related names."""
    for name, page in metadata.pages.items():
        related = [one.name for one in page.related] or list(page.see_also)
        related = [one for one in related if one != f"{name}(3)"]  # which is on the page of the call
        if related:
            text = pages[addresses.calls_pages()[name]].path.read_text()
            part = text.partition('id="related"')[2].partition("</section>")[0]
            rows = re.findall(r'<th scope="row">(.*?)</th>', part)
            assert len(rows) == len(related), name
            own = [one for one in rows if "<a " not in one]
            assert not own, (name, own)


def test_every_abi_has_registers() -> None:
    """Each ABI of processes shows its instruction and registers."""
    assert [abi.name for abi in ABIS.values() if "-" in registers(abi)] == ["ppc_spu"]


def test_the_names_of_the_search(site: Path) -> None:
    """The list that is searched without a server has every name, with an address."""
    text = (site / "names.js").read_text()
    names = {row[0]: row[2] for row in json.loads(text.partition(" = ")[2].rstrip(";\n"))}
    assert names["RESOLVE_BENEATH"] == "flags/ResolveFlags.html#RESOLVE_BENEATH"
    assert set(metadata.pages) <= names.keys()


def test_the_export(site: Path) -> None:
    """The reference as data lies beside the pages, with its schema."""
    data = json.loads((site / "reference.json").read_text())
    assert len(data["pages"]) == len(metadata.pages)
    assert json.loads((site / "export.schema.json").read_text())


def test_the_pages_for_man(site: Path) -> None:
    """groff has nothing to say against any of them, and shows what the page says."""
    if not shutil.which("groff"):
        pytest.skip("there is no groff here")
    files = sorted(map(str, site.glob("man/man?/*")))
    assert len(files) == len(metadata.pages)
    done = subprocess.run(["groff", "-mandoc", "-ww", "-z", "-Tutf8", *files], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    shown = ["groff", "-mandoc", "-Tascii", "-P-cbou", str(site / "man/man2/openat2.2")]
    text = subprocess.run(shown, capture_output=True, text=True, check=True).stdout
    assert "openat2 - Open a file as openat does" in text
    assert "ResolveFlags" in text and "how.flags" in text
