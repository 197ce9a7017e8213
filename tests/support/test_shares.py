"""The cases of parametrized tests are divided among the machines of CI."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter

import pytest
from paths import PROJECT

pytestmark = pytest.mark.once


def collected(share: str | None, *words: str) -> list[str]:
    environment = {**os.environ, "PYSYS_SHARE": share or "", "PYSYS_PROOFS": "all"}
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", *words]
    found = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=True)
    return [line for line in found.stdout.splitlines() if "::" in line]


def test_each_case_runs_somewhere_and_the_first_everywhere() -> None:
    """None is lost, none runs twice, and each test runs on every machine: among those that -m selects."""
    words = ("tests/process/test_clone3.py", "-m", "not thorough")
    every = collected(None, *words)
    parts = [collected(f"{place}/3", *words) for place in range(3)]
    times = Counter(case for part in parts for case in part)
    assert set(times) == set(every)
    firsts = {case.partition("[")[0]: case for case in reversed(every)}
    assert {case for case in every if times[case] == 3} == set(firsts.values())
    assert {times[case] for case in every} == {1, 3}
    assert max(map(len, parts)) < len(every)


def test_what_is_divided_already() -> None:
    """Proofs of pages are divided by what they need."""
    words = ("tests/reference/test_proofs.py", "-m", "")
    assert collected("1/8", *words) == collected(None, *words) != []
