"""The guides: docs/*.md and the recipes, as pages of the site."""

from __future__ import annotations

import re
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markdown_it import MarkdownIt

from tools.site.content import Content

if TYPE_CHECKING:
    from collections.abc import Iterator

PROJECT = Path(__file__).resolve().parent.parent.parent
DOCS = PROJECT / "docs"
# Those that a user reads, in this order; the others are for contributors.
ORDER = (
    *(
        "first-steps",
        "package",
        "processes",
        "sandbox",
        "supervisor",
        "containers",
        "coming-from-ctypes",
        "coming-from-os",
    ),
    *("safety", "diagnosis", "why", "tracing", "filters", "recipes", "tour", "figures", "machines"),
    *("promises", "stability", "reference", "export"),
)


def chosen() -> list[str]:
    """The guides that there are."""
    return [name for name in ORDER if _source(name).is_file()]


def _source(name: str) -> Path:
    return DOCS / "recipes/README.md" if name == "recipes" else DOCS / f"{name}.md"


def pages() -> Iterator[Content]:
    """A page for each guide, and the list of them."""
    index = Content("guide/index.html", "Guides", "list")
    rows = []
    for name in chosen():
        content = _guide(name)
        yield content
        rows.append((index.markup.link(content.path, content.title), content.text))
    index.add("All guides", index.markup.table(("", ""), rows))
    yield index


def _guide(name: str) -> Content:
    content = Content(f"guide/{name}.html", name, "guide")
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = parser.parse(_source(name).read_text("utf-8"))
    title, tokens = tokens[1].content, tokens[3:]
    content.title = title.replace("`", "")
    first = next(token for token in tokens if token.type == "inline")
    content.text = _sentence(first.content)
    part: list[Any] = []
    heading, anchor = "", ""
    for index, token in enumerate(tokens):
        if token.type == "heading_open" and token.tag == "h2":
            _add(content, parser, heading, anchor, part)
            heading, part = tokens[index + 1].content.replace("`", ""), []
            anchor = slug(heading)
        else:
            part.append(token)
    _add(content, parser, heading, anchor, part)
    if name == "recipes":
        for path in sorted(_source(name).parent.glob("*.py")):
            content.add(path.name, content.markup.code("python", path.read_text("utf-8")), path.stem)
    return content


def _sentence(text: str) -> str:
    """The first sentence, without links and code."""
    plain = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", " ".join(text.split())).replace("`", "")
    return escape(re.split(r"(?<=[^\s.]{2}[.:])\s", plain)[0], quote=False)


def slug(title: str) -> str:
    """The anchor of a heading, as links in Markdown write it."""
    return re.sub(r"[^\w-]", "", title.lower().replace(" ", "-"))


def _add(content: Content, parser: MarkdownIt, heading: str, anchor: str, tokens: list[Any]) -> None:
    while tokens and tokens[0].type in ("inline", "heading_close"):  # what is left of the heading
        tokens = tokens[1:]
    if not tokens:
        return
    html = "".join(_shown(content, parser, tokens))
    if heading:
        content.add(heading, html, anchor)
    else:
        content.lead = html


def _shown(content: Content, parser: MarkdownIt, tokens: list[Any]) -> Iterator[str]:
    """HTML of tokens: code in colours, tables that scroll, links within the site."""
    plain: list[Any] = []
    for token in tokens:
        for child in token.children or ():
            if child.type == "link_open":
                child.attrs["href"] = _address(content, str(child.attrs["href"]))
            if child.type == "code_inline":
                child.meta["shown"] = content.markup.inline(f"`{child.content}`")
        if token.type in ("fence", "code_block"):
            yield _render(content, parser, plain)
            plain = []
            yield content.markup.code(token.info.strip(), token.content)
        else:
            plain.append(token)
    yield _render(content, parser, plain)


def _render(content: Content, parser: MarkdownIt, tokens: list[Any]) -> str:
    def code(renderer: Any, tokens: list[Any], index: int, options: Any, env: Any) -> str:
        inside = sum(
            1 if one.type == "link_open" else -1 if one.type == "link_close" else 0 for one in tokens[:index]
        )
        if inside:  # a link holds no other
            return f"<code>{escape(tokens[index].content, quote=False)}</code>"
        return str(tokens[index].meta["shown"])

    parser.add_render_rule("code_inline", code)
    html = parser.renderer.render(tokens, parser.options, {})
    html = re.sub(r"<a href=\"\">(.*?)</a>", r"\1", html)
    html = html.replace("<table>", '<div class="wide" tabindex="0"><table>')
    html = (
        html.replace("</table>", "</table></div>")
        .replace("<th ", '<th scope="col" ')
        .replace("<th>", '<th scope="col">')
    )
    return re.sub(r"<h([3-5])>(.*?)</h\1>", lambda one: _heading(content, one), html)


def _heading(content: Content, match: re.Match[str]) -> str:
    text = re.sub(r"<[^>]+>", "", match[2])
    return f'<h{match[1]} id="{content.markup.id(slug(text))}">{match[2]}</h{match[1]}>'


def _address(content: Content, target: str) -> str:
    """Where a link of a guide leads in the site; empty for files of the project that are not part of it."""
    if re.match(r"https?:", target) or target.startswith("#"):
        return target
    path, _, anchor = target.partition("#")
    name = Path(path).name
    folder = "recipes" if "recipes" in content.path or "recipes/" in path else ""
    if name.endswith(".py") and folder:
        return content.markup.up + f"guide/recipes.html#{name.removesuffix('.py')}"
    stem = "recipes" if name == "README.md" and folder else name.removesuffix(".md")
    if name.endswith(".md") and stem in chosen():
        return f"{content.markup.up}guide/{stem}.html" + (f"#{anchor}" if anchor else "")
    if name == "export.schema.json":
        return f"{content.markup.up}{name}"
    return ""
