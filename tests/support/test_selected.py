"""Files that are not imported, because none of their tests would run."""

from __future__ import annotations

from pathlib import Path

import pytest
import selected

pytestmark = pytest.mark.once


def test_files_of_which_no_test_is_selected_are_not_imported(tmp_path: Path) -> None:
    """-m leaves out a file by the marks of all of its tests only if no other mark could bring a test back."""
    for text, marks in (
        ("pytestmark = pytest.mark.once  # of the project's files", {"once"}),
        ("pytestmark = [pytest.mark.isolated, pytest.mark.portable]", {"isolated", "portable"}),
        ("pytestmark = [] if HERE else [pytest.mark.thorough]", set[str]()),
        ("    pytestmark = pytest.mark.once", set[str]()),
        ("pytestmark = pytest.mark.skipif(HERE, reason='not here')", set[str]()),
    ):
        (tmp_path / "test_one.py").write_text(f"import pytest\n{text}\n")
        assert selected.marks(tmp_path / "test_one.py") == marks, text
    none = selected.none
    assert none("not once", {"once"})
    assert none("not slow and not (once or portable)", {"isolated", "portable"})
    assert not none("not slow and not once", {"isolated"})
    assert not none("thorough or once", {"once"})
    assert not none("not once or thorough", {"once"})
    assert not none("thorough", {"once"})  # as one of its tests may be
    assert not none("", {"once"})
    assert not none("not once(x=1)", {"once"})
    assert not none("not once_more", {"once"})
