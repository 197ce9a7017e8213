"""The docstrings of calls in *.pyi: what help() shows of a call before and on its page, in a few lines."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from pysys import calls, metadata, parameters
from pysys.calls import direct
from pysys.calls._make.written import identifier
from pysys.metadata import generated, render
from pysys.metadata.model import Page

WIDTH = 100
# How the paragraph begins about a kernel that is too old for the call.
FALLBACK = "Where the kernel does not know it: "


def text(name: str, *, falls_back: bool = False) -> str:
    """What editors show of the call as the kernel defines it.

    falls_back: with what pysys.calls makes on a kernel that does not know it.
    """
    page = metadata.page(name)
    # The function's own text: what it is, the parameters, what commands need, and at the end the result.
    _, *own, result = str(getattr(direct, identifier(name)).__doc__).split("\n\n")
    known = parameters.parameters(name) or ()
    takes = [about for _, about in generated.parameter_texts(page)]
    paragraphs = [_filled(f"{name}(2): {_within(page.summary)}")]
    if known:
        paragraphs.append(
            "\n".join(
                _filled(f"{one.python}: {about}", "    ")
                for one, about in zip(known, takes, strict=False)  # other ABIs' parameters come last
            )
        )
    paragraphs += own[1 if known else 0 :]
    if falls_back and (instead := fallback(name)):
        paragraphs.append(_filled(instead))
    since = " ".join(render._life(page)) if page.since else ""
    if "errors.RefusedError: " in result:
        return "\n\n".join([*paragraphs, *([since] if since else []), result])
    result, _, raises = result.partition(" Raises ")
    listed = ", ".join(errnos(page))
    raises = f"Raises {raises.rstrip('.')}: {listed}." if listed else ""
    paragraphs += [_filled(_continued(result, page.returns)), _filled(f"{raises} {since}".strip())]
    return "\n\n".join(one for one in paragraphs if one)


def fallback(name: str) -> str:
    """The paragraph about what is made on a kernel that is too old, or nothing."""
    known = str(getattr(calls, identifier(name)).__doc__)
    return FALLBACK + known.partition(FALLBACK)[2] if FALLBACK in known else ""


def errnos(page: Page) -> Iterator[str]:
    """The errnos of the page, those with causes first."""
    for block in render._errors(page):
        if isinstance(block, render.Items):
            yield from (errno for errno, _ in block.items if errno)
        elif isinstance(block, render.Table):
            yield from (errno for errno, _ in block.rows)


def _continued(sentence: str, more: str) -> str:
    """A sentence with another one that says more."""
    return f"{sentence.rstrip('.')}: {_within(more)}" if more else sentence


def _within(sentence: str) -> str:
    """A sentence behind a colon."""
    first = sentence.partition(" ")[0]
    return sentence if first[1:] != first[1:].lower() else sentence[:1].lower() + sentence[1:]


def _filled(paragraph: str, indent: str = "") -> str:
    """A paragraph in lines, without the marks of code."""
    plain = paragraph.replace("`", "")
    return textwrap.fill(
        plain, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )
