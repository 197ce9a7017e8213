"""docs/sandboxes_compared.md: what it says of this package is there."""

from __future__ import annotations

import inspect
import re

import pytest
from paths import PROJECT

import pysys

pytestmark = pytest.mark.portable

TEXT = (PROJECT / "docs/sandboxes_compared.md").read_text("utf-8")
ROWS = [line.strip("| ").split(" | ") for line in TEXT.splitlines() if line.startswith("| `")]


def test_each_option_is_said_or_left_out() -> None:
    """With arguments of spawn, names of the package, another part of the page, or the reason."""
    for row in ROWS:
        assert len(row) == 3, row
        assert "`" in row[2] or row[2].startswith("left out") or "below" in row[2], row
    assert len(ROWS) > 55


def test_arguments_and_names_exist() -> None:
    """Each `argument=` is spawn's, and each dotted name can be had."""
    parameters = inspect.signature(pysys.spawn).parameters
    here = [row[2] for row in ROWS]
    arguments = set(re.findall(r"`(\w+)=[^`]*`", " ".join(here)))
    assert arguments <= parameters.keys()
    assert len(arguments) > 25
    for name in re.findall(r"`((?:calls|seccomp|idmap|namespaces|Child)\.\w+)", TEXT):
        thing: object = pysys
        for part in name.split("."):
            thing = getattr(thing, part)


def test_no_option_is_twice() -> None:
    """Each of bubblewrap's has one row, but for three forms of bind mounts that end in -try."""
    found = re.findall(r"`(--[a-z0-9-]+)", TEXT.partition("## nsjail")[0].partition("## bubblewrap")[2])
    assert len(found) == len(set(found)) == 62
