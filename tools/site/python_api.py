"""The pages of the package: each public module with signatures and docstrings."""

from __future__ import annotations

import inspect
import re
from html import escape
from typing import TYPE_CHECKING, Any

import pysys
from pysys import calls
from tools.site import addresses
from tools.site.content import Content, Part

if TYPE_CHECKING:
    from collections.abc import Iterator

DEFINITION = re.compile(r"^[a-zA-Z_]\w*(?:, [a-zA-Z_]\w*)*: ")


def pages() -> Iterator[Content]:
    """A page for each module, and the list of them."""
    index = Content("python/index.html", "The Python package", "list")
    index.add("pysys", index.markup.paragraphs(_doc(pysys)))
    rows = []
    for content in _modules():
        if content.parts:
            rows.append((index.markup.link(content.path, f"<code>{content.title}</code>"), content.text))
            yield content
    index.add("Modules", index.markup.table(("", ""), rows))
    yield index


def _modules() -> Iterator[Content]:
    every = [name for name in pysys.__all__ if not name.startswith("__")]
    classes = [name for name in every if inspect.isclass(getattr(pysys, name))]
    yield _module("pysys", pysys, tuple(name for name in every if name not in classes))
    content = _module("pysys: classes", pysys, tuple(classes))
    content.text = _shortened(" ".join(classes))
    content.lead = "<p>What the functions of pysys return and take.</p>"
    yield content
    for name in addresses.PUBLIC:
        yield _module(f"pysys.{name}", getattr(pysys, name), addresses.public(name))
    for family, names in calls._FAMILIES.items():
        content = _module(f"pysys.calls: {family.strip('_')}", calls, tuple(names.split()))
        content.text = _shortened(names)
        content.lead = "<p>Calls that return values, and what is made of several calls.</p>"
        yield content


def _shortened(names: str) -> str:
    found = names.split()
    return ", ".join(found[:6]) + (", ..." if len(found) > 6 else "")


def _module(title: str, module: object, names: tuple[str, ...]) -> Content:
    path = title.removeprefix("pysys.").replace(": ", "-")
    content = Content(f"python/{path}.html", title, "python")
    about = _doc(module)
    content.text = about.partition("\n\n")[0].replace("\n", " ")
    content.lead = docstring(content, about)
    for name in names:
        value: Any = getattr(module, name)
        html = _thing(content, name, value)
        content.parts.append(Part(name, content.markup.id(name), html))  # whose anchor keeps its case
    return content


def _thing(content: Content, name: str, value: Any) -> str:
    if inspect.ismodule(value):
        address = (
            f"python/{name}.html"
            if name in addresses.PUBLIC
            else "python/index.html"
            if name == "calls"
            else ""
        )
        more = (
            f"<p>Its own page: {content.markup.link(address, f'<code>pysys.{name}</code>')}.</p>"
            if address
            else ""
        )
        return f"<p>{content.markup.inline(_doc(value).partition(chr(10) * 2)[0])}</p>{more}"
    if not callable(value):
        if type(value).__module__ == "builtins":
            shown = repr(value)
            return (
                f"<p><code>{escape(shown)}</code></p>"
                if len(shown) < 200
                else f"<p>{type(value).__name__}</p>"
            )
        return docstring(content, _doc(value))
    parts = [content.markup.code("python", signature(name, value))]
    page = getattr(value.__doc__, "page", "")
    if page in addresses.calls_pages():
        parts.append(f"<p>The call: {content.markup.link(addresses.calls_pages()[page], f'{page}(2)')}.</p>")
    parts.append(docstring(content, _doc(value)))
    if inspect.isclass(value) and not issubclass(value, BaseException):
        parts += _members(content, name, value)
    return "\n".join(parts)


def _members(content: Content, owner: str, cls: type) -> Iterator[str]:
    items = []
    for name, member in vars(cls).items():
        routine = member.__func__ if isinstance(member, (classmethod, staticmethod)) else member
        if name.startswith("_") or not (isinstance(member, property) or inspect.isroutine(routine)):
            continue
        text = _doc(routine)
        if not text:
            continue
        shown = signature(name, getattr(cls, name)) if inspect.isfunction(routine) else name
        anchor = content.markup.id(f"{owner}.{name}")
        term = f'<dt id="{anchor}"><code>{escape(shown, quote=False)}</code></dt>'
        items.append(f"{term}<dd>{docstring(content, text)}</dd>")
    if items:
        yield "<dl>" + "\n".join(items) + "</dl>"


def signature(name: str, value: Any) -> str:
    """How it is called, with a line for each parameter where that is long."""
    try:
        found = inspect.signature(value)
    except (TypeError, ValueError):
        return name
    parameters = [one.replace(annotation=_bare(one.annotation)) for one in found.parameters.values()]
    text = f"{name}{found.replace(parameters=parameters, return_annotation=_bare(found.return_annotation))}"
    if len(text) <= 72:
        return text
    return re.sub(r", (?=\*|\w+(?:: |=|\)|,))", ",\n    ", text.replace("(", "(\n    ", 1))


class _Annotation(str):
    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def _bare(annotation: Any) -> Any:
    return _Annotation(annotation) if isinstance(annotation, str) else annotation


def _doc(value: object) -> str:
    return inspect.cleandoc(str(value.__doc__ or ""))


def docstring(content: Content, text: str) -> str:
    """HTML of a docstring: paragraphs, parameters with their meaning, code."""
    found = []
    for block in text.split("\n\n"):
        lines = block.split("\n")
        if DEFINITION.match(lines[0]) and all(
            DEFINITION.match(one) or one.startswith("    ") for one in lines
        ):
            found.append(_definitions(content, lines))
        elif all(one.startswith("    ") for one in lines):
            found.append(content.markup.code("", inspect.cleandoc(block)))
        elif any(one.startswith("    ") for one in lines) and not lines[0].startswith("    "):
            first = next(index for index, one in enumerate(lines) if one.startswith("    "))
            found.append(f"<p>{_inline(content, ' '.join(lines[:first]))}</p>")
            found.append(content.markup.code("", inspect.cleandoc("\n".join(lines[first:]))))
        elif all(one.startswith("- ") or one.startswith("  ") for one in lines):
            points = "\n".join(lines).removeprefix("- ").split("\n- ")
            found.append("<ul>" + "".join(f"<li>{_inline(content, one)}</li>" for one in points) + "</ul>")
        else:
            found.append(f"<p>{_inline(content, block)}</p>")
    return "\n".join(found) if text else ""


def _inline(content: Content, text: str) -> str:
    return content.markup.inline(text.replace("``", "`"))


def _definitions(content: Content, lines: list[str]) -> str:
    items: list[list[str]] = []
    for line in lines:
        if DEFINITION.match(line):
            items.append(line.split(": ", 1))
        else:
            items[-1][1] += " " + line.strip()
    rows = ((f"<code>{escape(name)}</code>", _inline(content, text)) for name, text in items)
    return content.markup.table(("", ""), rows)
