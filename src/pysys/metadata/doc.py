"""help() shows the page, and import pays nothing for it.

A docstring is read as it stands by everything that only wants the short text, and by `inspect.cleandoc` when
somebody asks for help. The latter starts by calling `expandtabs()`: there the page is read and rendered.
"""

from __future__ import annotations

from pysys.loading import load

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Self, TypeVar

    Documented = TypeVar("Documented", bound=Callable[..., object])

# What pydoc leaves of 80 columns after its own indentation.
WIDTH = 76


class PageDoc(str):
    """A docstring that grows into the page when help() is asked for.

    name: a page's name, "fork", or an errno, "EAGAIN".
    """

    __slots__ = ("page",)
    page: str

    def __new__(cls, short: str, page: str) -> Self:
        self = super().__new__(cls, short)
        self.page = page
        return self

    def __reduce__(self) -> tuple[type[PageDoc], tuple[str, str]]:
        return PageDoc, (str(self), self.page)

    def expandtabs(self, tabsize: object = 8) -> str:
        """The short text and the page below it; the short text alone if the page cannot be read."""
        short = _cleaned(str(self))
        try:
            render = load(f"{__package__}.render")
            text = (render.errno if self.page.isupper() else render.plain)(self.page, WIDTH)
        except (AttributeError, ImportError, LookupError, OSError, TypeError, ValueError):
            return short  # help() must answer even when a file is damaged, missing or out of reach
        return f"{short}\n\n{text}".rstrip() + "\n"


def _cleaned(doc: str) -> str:
    """What inspect.cleandoc, which calls expandtabs() itself, makes of a docstring without tabs."""
    first, *others = doc.split("\n")
    margin = min((len(line) - len(line.lstrip()) for line in others if line.strip()), default=0)
    return "\n".join([first.lstrip(), *(line[margin:] for line in others)]).strip("\n")


def documented(page: str) -> Callable[[Documented], Documented]:
    """Decorate a function or an exception class: help() shows its docstring and then the page."""

    def decorate(thing: Documented) -> Documented:
        thing.__doc__ = PageDoc(thing.__doc__ or "", page)
        return thing

    return decorate
