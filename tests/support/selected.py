"""Which files -m leaves out because of the marks that all of their tests have."""

from __future__ import annotations

import itertools
import re
from pathlib import Path


def marks(path: Path) -> set[str]:
    """The marks of all of a file's tests."""
    pattern = r"^pytestmark = (pytest\.mark\.\w+|\[[^]]*\])(?:  #.*)?$"
    found = re.search(pattern, path.read_text("utf-8"), re.MULTILINE)
    return set(re.findall(r"pytest\.mark\.(\w+)", found[1])) if found else set()


def none(expression: str, marks: set[str]) -> bool:
    """Whether an expression of -m selects no test with these marks, whatever others it has."""
    names = set(re.findall(r"[a-z_]\w*", expression)) - {"and", "or", "not"}
    if not re.fullmatch(r"[\w\s()]+", expression) or not names & marks:
        return False
    values = itertools.product((True, False), repeat=len(names - marks))
    return not any(
        eval(expression, {**dict.fromkeys(marks, True), **dict(zip(names - marks, some, strict=True))})
        for some in values
    )
