"""help() shows the page, at no cost for an import.

What needs only the short text reads the docstring as it is; help() reads it through `inspect.cleandoc`. That
function starts by calling `expandtabs()`, and there the page is read and rendered. This depends on the body
of CPython's cleandoc; a test holds it.
"""

from __future__ import annotations

from pysys.loading import load

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, Self, TypeVar

    Documented = TypeVar("Documented", bound=Callable[..., Any])

# What pydoc leaves of 80 columns after its own indentation.
WIDTH = 76


class PageDoc(str):
    """A docstring that help() shows with the page below it.

    short: the docstring.
    page: a page's name, "fork", or an errno, "EAGAIN".
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
        """The short text and the page below it, or only the short text if the page cannot be read."""
        short = _cleaned(str(self))
        try:
            render = load("pysys.metadata.render")
            text = (render.errno if self.page.isupper() else render.plain)(self.page, WIDTH)
        except (AttributeError, ImportError, LookupError, OSError, TypeError, ValueError):
            return short  # help() must work even if a file is damaged, missing or out of reach
        return f"{short}\n\n{text}".rstrip() + "\n"


def _cleaned(doc: str) -> str:
    """A docstring without tabs as inspect.cleandoc returns it, which cannot be called from here."""
    first, *others = doc.split("\n")
    margin = min((len(line) - len(line.lstrip()) for line in others if line.strip()), default=0)
    return "\n".join([first.lstrip(), *(line[margin:] for line in others)]).strip("\n")


def documented(page: str) -> Callable[[Documented], Documented]:
    """Decorate a function or an exception class: help() shows its docstring and then the page."""

    def decorate(thing: Documented) -> Documented:
        thing.__doc__ = PageDoc(thing.__doc__ or "", page)
        return thing

    return decorate


def documented_call(function: Documented) -> Documented:
    """Decorate the function of a call: help() shows its docstring and then the page of its name.

    The docstring then says that the call raises its documented errors: in place of "Raises: ", which begins a
    paragraph about some of them, or else in front of a last paragraph "Since Linux ...", or at the end.
    """
    name = function.__name__
    function.__doc__ = PageDoc(_with_errors(function.__doc__ or "", name), name)
    return function


def documented_operation(call: str) -> Callable[[Documented], Documented]:
    """The same for a function that makes one operation of a call: the page and the errors are the call's."""

    def decorate(function: Documented) -> Documented:
        function.__doc__ = PageDoc(_with_errors(function.__doc__ or "", call), call)
        return function

    return decorate


def _with_errors(doc: str, call: str) -> str:
    """The docstring of a call's function with the sentence about its errors."""
    if not doc:  # python -OO
        return doc
    doc = _cleaned(doc)
    sentence = f"Raises the documented errors of {call} (pysys.errors)"
    head, gap, last = doc.rpartition("\n\n")
    if "\n\nRaises: " in doc:
        head, _, rest = doc.partition("\n\nRaises: ")
        some, gap, tail = rest.partition("\n\n")
        return f"{head}\n\n{_filled(f'{sentence}: {some}')}{gap}{tail}"
    if last.split()[:2] == ["Since", "Linux"]:
        return f"{head}{gap}{_filled(f'{sentence}. {last}')}"
    return f"{doc}\n\n{sentence}."


def _filled(text: str, width: int = 106) -> str:
    """A paragraph in lines of this width."""
    lines = [""]
    for word in text.split():
        if len(lines[-1]) + 1 + len(word) > width:
            lines.append("")
        lines[-1] += f" {word}" if lines[-1] else word
    return "\n".join(lines)
