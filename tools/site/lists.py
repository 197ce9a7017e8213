"""Pages that list names: from A to Z, by topic, by kernel, and what containers do with calls."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, Any

from pysys import flags, metadata, numbers
from pysys.metadata import load
from pysys.metadata.profiles import ENGINES
from pysys.structures.documentation import TEXTS
from tools.site import addresses
from tools.site.content import Content

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pysys.metadata.model import Page

SINCE = re.compile(r"[Ss]ince Linux (\d+\.\d+(?:\.\d+)?)")


def pages() -> Iterator[Content]:
    """All of them."""
    yield _from_a_to_z()
    yield from _topics()
    yield from _kernels()
    yield _errnos()
    yield _flags()
    yield _structures()
    yield from _containers()


def _rows(content: Content, found: Iterable[Page]) -> str:
    markup = content.markup
    rows = [
        (
            markup.link(addresses.calls_pages()[one.name], f"<code>{one.name}</code>"),
            markup.inline(one.summary),
        )
        for one in found
    ]
    return markup.table(("", ""), rows) if rows else ""


def _from_a_to_z() -> Content:
    content = Content(
        "names.html", "From A to Z", "list", "<p>Every name of section 2, and what is close to it.</p>"
    )
    every = sorted(metadata.pages.values(), key=lambda page: page.name.lstrip("_").lower())
    for letter, group in groupby(every, lambda page: page.name.lstrip("_")[0].upper()):
        links = (
            f'<li><a href="call/{one.name}.html" title="{plain(one.summary[:60])}">{one.name}</a></li>'
            for one in group
        )
        content.add(letter, f'<ul class="names">{"".join(links)}</ul>')
    return content


def plain(text: str) -> str:
    return text.replace("`", "").replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")


def _topics() -> Iterator[Content]:
    index = Content("topics/index.html", "Topics", "list")
    items = []
    for topic in sorted(load.all_topics()):
        found = metadata.find(topic=topic)
        content = Content(f"topics/{topic}.html", f"Topic: {topic}", "list", topics=(topic,))
        main = [one for one in found if one.topics[0] == topic]
        content.add("Mainly about it", _rows(content, main))
        content.add("Also about it", _rows(content, (one for one in found if one not in main)))
        yield content
        items.append(f"<li>{index.markup.link(content.path, topic)} <small>{len(found)}</small></li>")
    index.add("All topics", f'<ul class="names">{"".join(items)}</ul>')
    yield index


def _kernels() -> Iterator[Content]:
    """What each kernel brought: calls, changes of calls, flags and structures."""
    calls: dict[str, list[Page]] = {}
    changes: dict[str, list[tuple[Page, str]]] = {}
    for page in metadata.pages.values():
        if page.since and page.kind in ("call", "removed"):
            calls.setdefault(page.since, []).append(page)
        for version, change in page.history:
            if version != page.since and re.fullmatch(r"\d+(\.\d+)+", version):
                changes.setdefault(version, []).append((page, change))
    members: dict[str, list[tuple[str, str]]] = {}
    for name in addresses.classes():
        kind: Any = getattr(flags, name)
        for one, member in kind.__members__.items():
            if match := SINCE.search(str(member.__doc__ or "")):
                members.setdefault(match[1], []).append((name, one))
    index = Content("kernels/index.html", "New in each kernel", "list")
    rows = []
    versions = sorted({*calls, *changes, *members}, key=load.version_key, reverse=True)
    for version in versions:
        content = Content(f"kernels/{version}.html", f"New in Linux {version}", "list", since=version)
        _kernel(content, calls.get(version, []), changes.get(version, []), members.get(version, []))
        yield content
        new = ", ".join(one.name for one in calls.get(version, []))
        link = index.markup.link(content.path, f"Linux {version}")
        rows.append((link, index.markup.inline(_some(new)), str(len(members.get(version, [])) or "")))
    index.add("Kernels", index.markup.table(("kernel", "new calls", "new flags"), rows))
    yield index


def _some(names: str, most: int = 150) -> str:
    return names if len(names) <= most else names[:most].rpartition(",")[0] + ", ..."


def _kernel(
    content: Content, calls: list[Page], changes: list[tuple[Page, str]], members: list[tuple[str, str]]
) -> None:
    markup = content.markup
    content.add("Calls", _rows(content, calls))
    lines = [
        (markup.link(addresses.calls_pages()[page.name], f"<code>{page.name}</code>"), markup.inline(text))
        for page, text in changes
    ]
    content.add("Changes of calls", markup.table(("", ""), lines) if lines else "")
    groups = []
    for name, group in groupby(members, lambda one: one[0]):
        links = ", ".join(markup.link(addresses.constants()[one], f"<code>{one}</code>") for _, one in group)
        groups.append((markup.link(addresses.classes()[name], f"<code>{name}</code>"), links))
    content.add("Flags", markup.table(("", ""), groups) if groups else "")


def _errnos() -> Content:
    content = Content("errno/index.html", "Errnos", "list")
    here = {symbol: number for number, symbol in load.errno_symbols().items()}
    rows = [
        (
            str(here.get(symbol, "-")),
            content.markup.link(addresses.errnos()[symbol], f"<code>{symbol}</code>"),
            content.markup.inline(load.meaning(symbol)),
        )
        for symbol in sorted(load.errnos(), key=lambda one: (here.get(one, 1 << 20), one))
    ]
    content.add("By their number on x86_64", content.markup.table(("number", "errno", "meaning"), rows))
    return content


def _flags() -> Content:
    content = Content("flags/index.html", "Flags", "list", "<p>The kernel's constants, in classes.</p>")
    markup = content.markup
    from pysys.flags.index import MODULES

    families: dict[str, list[tuple[str, str]]] = {}
    for name, address in addresses.classes().items():
        kind: Any = getattr(flags, name)
        about = " ".join(str(kind.__doc__ or "").partition("\n\n")[0].split())
        row = (markup.link(address, f"<code>{name}</code>"), markup.inline(about.partition(". ")[0]))
        families.setdefault(MODULES[name].rpartition(".")[2].strip("_"), []).append(row)
    for family, rows in families.items():
        content.add(family.capitalize(), markup.table(("", ""), rows))
    return content


def _structures() -> Content:
    content = Content("struct/index.html", "Structures", "list")
    rows = [
        (
            content.markup.link(addresses.structures()[name], f"<code>{name}</code>"),
            content.markup.inline(_head(name)),
        )
        for name in sorted(TEXTS)
    ]
    content.add("All structures", content.markup.table(("", ""), rows))
    return content


def _head(name: str) -> str:
    return " ".join(TEXTS[name].split()).partition(". ")[0]


def _containers() -> Iterator[Content]:
    """What the default profile of each engine does with every call."""
    for engine in ENGINES:
        found = [page for page in metadata.pages.values() if page.profiles and page.name in numbers.calls()]
        source = found[0].profiles[engine].source
        name = engine.capitalize()
        content = Content(f"containers/{engine}.html", f"{name}'s seccomp profile", "list")
        content.lead = f"<p>What the default profile does with each call, from {source}.</p>"
        texts: dict[str, list[Page]] = {}
        for page in found:
            texts.setdefault(page.profiles[engine].text, []).append(page)
        for text, group in sorted(texts.items(), key=lambda item: -len(item[1])):
            links = "".join(
                f"<li>{content.markup.link(addresses.calls_pages()[one.name], one.name)}</li>"
                for one in group
            )
            title = text.rstrip(".") if len(text) < 60 else f"{text[:57].rpartition(' ')[0]} ..."
            about = f"<p>{content.markup.inline(text)}</p>" if not text.startswith(title) else ""
            content.add(title, f'{about}<ul class="names">{links}</ul>')
        yield content
