"""What a page of the site consists of before the templates make a file of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from tools.site.markup import Markup


@dataclass
class Part:
    """A heading with HTML below it; the anchor is the page's own."""

    title: str
    id: str
    html: str


@dataclass
class Content:
    """A page: its path, title and parts, and what the search filters by.

    kind: for the search, "call". lead: HTML below the title. text: a sentence about it.
    """

    path: str
    title: str
    kind: str
    lead: str = ""
    parts: list[Part] = field(default_factory=list)
    topics: tuple[str, ...] = ()
    since: str = ""
    text: str = ""
    chooser: bool = False  # the reader's ABI matters here
    markup: Markup = field(init=False)

    def __post_init__(self) -> None:
        self.markup = Markup(self.path)

    def add(self, title: str, html: str, anchor: str = "") -> None:
        """One more part, if there is anything in it."""
        if html:
            self.parts.append(Part(title, self.markup.id((anchor or title).lower()), html))


# A page is kept below 100 kB: longer lists go on in further pages.
LIMIT = 60_000


def portions(items: list[tuple[str, str]], limit: int = LIMIT) -> list[list[tuple[str, str]]]:
    """Names with what is written of each, in portions that are not too long for a page."""
    found: list[list[tuple[str, str]]] = [[]]
    size = 0
    for name, text in items:
        if size + len(text) > limit and found[-1]:
            found.append([])
            size = 0
        found[-1].append((name, text))
        size += len(text) + 3 * len(name) + 150  # with what the template adds
    return found
