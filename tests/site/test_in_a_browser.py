"""The site in a browser: search, anchors, the choice of an ABI, narrow and wide, what axe finds.

It needs playwright, which `tox -e site` has, and a Chromium: $PYSYS_CHROMIUM, or one in the search path.
"""

from __future__ import annotations

import functools
import http.server
import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.once

driver = pytest.importorskip("playwright.sync_api")
CHROMIUM = os.environ.get("PYSYS_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
if CHROMIUM is None:
    pytest.skip("there is no Chromium here", allow_module_level=True)

# A page of each kind.
KINDS = (
    *(
        "index.html",
        "search.html",
        "names.html",
        "topics/files.html",
        "kernels/5.6.html",
        "call/openat2.html",
    ),
    *(
        "call/clone.html",
        "errno/EXDEV.html",
        "flags/OpenFlags.html",
        "struct/open_how.html",
        "abi/index.html",
    ),
    *(
        "abi/aarch64.html",
        "containers/docker.html",
        "python/pysys.html",
        "guide/why.html",
        "guide/recipes.html",
    ),
)


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    """Where the site is served."""
    handler = functools.partial(_Quiet, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A browser without a window."""
    with driver.sync_playwright() as play:
        found = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """A new page, in which nothing may go wrong, and which asks no other host."""
    context = browser.new_context()
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    found = context.new_page()
    wrong: list[str] = []
    found.on("pageerror", lambda error: wrong.append(str(error)))
    found.on("console", lambda line: wrong.append(line.text) if line.type == "error" else None)
    found.on(
        "request",
        lambda one: (
            wrong.append(one.url)
            if not one.url.startswith(("http://127.0.0.1", "file:", "data:", "blob:"))
            else None
        ),
    )
    yield found
    context.close()
    assert not wrong


def test_search_finds_a_flag(page: Any, address: str) -> None:
    """A slash, a word and return lead to the flag, to its call, and to no more with a filter."""
    page.goto(f"{address}index.html")
    page.keyboard.press("/")
    page.keyboard.type("RESOLVE_BENEATH")
    page.keyboard.press("Enter")
    first = page.locator("[data-names] a").first
    first.wait_for()
    assert first.inner_text() == "RESOLVE_BENEATH"
    page.locator("[data-pages] a", has_text="openat2(2)").first.wait_for()
    page.select_option("[name=kind]", "call")
    page.locator("[data-pages] li").first.wait_for()
    page.wait_for_function(
        "[...document.querySelectorAll('[data-pages] small')].every((one) => one.textContent === 'call')"
    )
    page.select_option("[name=since]", "6.8")
    page.wait_for_function("document.querySelector('[data-pages]').children.length === 0")
    page.select_option("[name=since]", "")
    page.fill("[data-search] [name=q]", "")
    page.select_option("[name=topic]", "sandbox")
    page.locator("[data-pages] a", has_text="landlock").first.wait_for()


def test_search_from_a_folder(page: Any, site: Path) -> None:
    """Without a server, names are found, and the link leads to the anchor."""
    page.goto(f"{(site / 'search.html').as_uri()}?q=RESOLVE_BENEATH")
    page.locator("[data-names] a").first.click()
    page.wait_for_url("**/flags/ResolveFlags.html#RESOLVE_BENEATH")
    assert page.locator("#RESOLVE_BENEATH").is_visible()


def test_an_anchor_opens(page: Any, address: str) -> None:
    """The address of a cause scrolls to it."""
    page.goto(f"{address}call/openat2.html#EXDEV-2")
    assert page.evaluate("document.querySelector(':target').getBoundingClientRect().top") < 200
    assert page.evaluate("scrollY") > 500


def test_the_choice_of_an_abi(page: Any, address: str) -> None:
    """Numbers, registers, replacements and values are those of the ABI that was chosen, on every page."""
    page.goto(f"{address}call/open.html")
    rows = page.locator("tr[data-abi]:visible")
    assert rows.count() == 32
    page.select_option("[data-choose-abi]", "aarch64")
    assert rows.count() == 1
    assert "openat(AT_FDCWD" in rows.inner_text()
    assert "number in x8" in page.locator("[data-abi-line]").inner_text()
    page.goto(f"{address}abi/index.html")
    assert rows.count() == 1
    assert "svc #0" in rows.inner_text() and "x8" in rows.inner_text()
    page.goto(f"{address}flags/OpenFlags.html")
    assert "0x4000 on aarch64" in page.locator("#O_DIRECTORY").inner_text()
    page.select_option("[data-choose-abi]", "")
    assert "0x10000" in page.locator("#O_DIRECTORY").inner_text()


def test_code_is_copied(page: Any, address: str) -> None:
    """The button of an example copies what runs."""
    page.goto(f"{address}call/openat2.html")
    example = page.locator("section[aria-labelledby=example] .code").first
    example.hover()
    example.locator("button").click()
    page.wait_for_function("document.body.textContent.includes('copied')")
    copied = page.evaluate("navigator.clipboard.readText()")
    compile(copied, "example", "exec")
    assert "openat2" in copied


def test_dark_and_light(page: Any, address: str) -> None:
    """The button changes the colours, and the choice is kept."""
    colour = "getComputedStyle(document.body).backgroundColor"
    page.emulate_media(color_scheme="light")
    page.goto(f"{address}index.html")
    light = page.evaluate(colour)
    page.click(".theme")
    dark = page.evaluate(colour)
    page.goto(f"{address}names.html")
    assert page.evaluate(colour) == dark != light


def test_without_scripts(browser: Any, site: Path) -> None:
    """Everything can be read from a folder without JavaScript, and what needs it is not shown."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((site / "call/open.html").as_uri())
    assert page.locator("tr[data-abi]").count() == 32
    assert page.locator("tr[data-abi]").last.is_visible()
    assert not page.locator("[data-choose-abi]").is_visible()
    assert not page.locator("header [type=search]").is_visible()
    context.close()


def test_no_page_is_wider_than_the_screen(page: Any, address: str) -> None:
    """What is wide scrolls in a box of its own, on a telephone, a tablet and a desk."""
    wide = []
    for name in KINDS:
        page.goto(address + name)
        for width in (320, 800, 1400):
            page.set_viewport_size({"width": width, "height": 900})
            if (found := page.evaluate("document.documentElement.scrollWidth")) > width:
                wide.append(f"{name}: {found} of {width}")
            if (high := page.evaluate("document.querySelector('header').offsetHeight")) > 200:
                wide.append(f"{name}: a header of {high} at {width}")
    assert not wide


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(page: Any, address: str, scheme: str) -> None:
    """Headings, landmarks, names of controls, contrast."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page.emulate_media(color_scheme=scheme)
    wrong = []
    for name in KINDS:
        page.goto(address + name)
        for one in axe.run(page).response["violations"]:
            if one["impact"] in ("serious", "critical"):
                node = one["nodes"][0]
                wrong.append(f"{name}: {one['id']}: {node['html'][:150]} {node.get('failureSummary')}")
    assert not wrong, "\n".join(wrong)


def test_printed(page: Any, address: str) -> None:
    """What is of no use on paper is not printed."""
    page.goto(f"{address}call/openat2.html")
    page.emulate_media(media="print")
    assert not page.locator("header").is_visible()
    assert not page.locator(".contents").is_visible()
    assert page.locator("h1").is_visible()
