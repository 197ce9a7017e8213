"""A release: what keeps one from being uploaded, and the workflows, which run the project's own commands."""

from __future__ import annotations

import re

import pytest
from paths import PROJECT

from tools import release

pytestmark = pytest.mark.once
READY = f"# Changes\n\n## {release.version()} (2026-11-30)\n"


def test_a_release_that_is_ready() -> None:
    """The tag is the version, the changes have a date, and nothing is changed."""
    assert release.complaints(f"v{release.version()}", READY, "") == []


@pytest.mark.parametrize(
    "tag, changes, status, said",
    [
        (None, READY, "", "the tag is None"),
        ("v99.0", READY, "", r"the tag is v99\.0"),
        (f"v{release.version()}", READY.replace("2026-11-30", "unreleased"), "", "no date"),
        (f"v{release.version()}", READY, " M README.md\n", r"differ .*\n M README\.md"),
    ],
)
def test_a_release_that_is_not_ready(tag: str | None, changes: str, status: str, said: str) -> None:
    found = release.complaints(tag, changes, status)
    assert len(found) == 1
    assert re.search(said, found[0], re.DOTALL)


@pytest.mark.parametrize("name", ["test", "release"])
def test_a_workflow_runs_the_projects_commands(name: str) -> None:
    """One command each, which can be run here as well; no password, and rights only where they are needed."""
    text = (PROJECT / f".github/workflows/{name}.yml").read_text("utf-8")
    commands = re.findall(r"run: (.+)", text)
    assert len(commands) == 1
    tox = (PROJECT / "tox.ini").read_text("utf-8")
    for environment in re.findall(r"tox run -e (\w+)", commands[0]):
        assert f"[testenv:{environment}]" in tox
    for path in re.findall(r"^\S*/\S*", commands[0]):
        assert (PROJECT / path).is_file()
    assert "secrets." not in text
    assert re.search(r"^permissions:\n  contents: read$", text, re.MULTILINE)
    assert text.count("write") == (name == "release")
    for action in re.findall(r"uses: (\S+)", text):
        assert re.fullmatch(r"[\w./-]+@(?:v\d+|release/v\d+|[0-9a-f]{40})", action)
