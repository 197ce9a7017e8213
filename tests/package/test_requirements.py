"""docs/requirements.md: each requirement has its tests, and each id that a test is named by is one."""

from __future__ import annotations

import pytest

from tools.generate import requirements
from tools.generate.__main__ import differences

pytestmark = pytest.mark.once

ROWS = [
    row.groups()
    for line in requirements.PAGE.read_text("utf-8").splitlines()
    if (row := requirements.ROW.fullmatch(line))
]


def test_every_id_is_a_requirement() -> None:
    """Each id that begins a test's name has one line of the page, and the lines are in order."""
    ids = [one for one, *_ in ROWS]
    order = "FVCKSIWH"
    assert ids == sorted(ids, key=lambda one: (order.index(one[0]), int(one[1:])))
    assert len(ids) == len(set(ids)) > 60
    assert requirements.tests().keys() <= set(ids)


@pytest.mark.parametrize(("one", "call", "sentence", "shown"), ROWS, ids=[row[0] for row in ROWS])
def test_a_requirement_has_tests_or_a_reason(one: str, call: str, sentence: str, shown: str) -> None:
    """A requirement is a sentence, and tests show it, or it says why none does."""
    assert call and sentence.endswith(".")
    assert one in requirements.tests() or (shown.startswith("none: ") and len(shown) > 20)


def test_the_page_is_current() -> None:
    """The page names the files that have the tests."""
    assert differences(requirements.texts()) == []


def test_a_reason_stays_until_there_is_a_test() -> None:
    """What is written where a requirement has no test is kept, and gives way to the first test."""
    last = "| F2 | fork | Is so. | none: it cannot be |\n"
    old = f"# T\n\n| F1 | fork | Is so. | |\n{last}"
    assert requirements.text(old, {"F1": {"test_b.py", "test_a.py"}}) == (
        f"# T\n\n| F1 | fork | Is so. | `test_a.py`, `test_b.py` |\n{last}"
    )
    assert requirements.text(old, {"F2": {"test_b.py"}}).endswith("| Is so. | `test_b.py` |\n")
