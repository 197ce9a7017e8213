"""`pysys tour`: what it shows on this kernel, and where calls are denied."""

from __future__ import annotations

import errno
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import isolated
import pytest
from cli_command import CLEAN, answer, text

from pysys import abi, numbers

HERE = abi.current().name


def test_tour() -> None:
    """The tour makes every step on this kernel; only what may be refused is."""
    found = answer("tour")
    assert found["worked"] is True
    assert found["system"]["abi"] == HERE
    outcomes = {step["name"]: step["outcome"] for step in found["steps"]}
    assert list(outcomes) == ["fork", "vfork", "clone", "clone3", "spawn", "syscall", "resolve", "errors"]
    optional = {step["name"] for step in found["steps"] if step["optional"]}
    assert optional == {"clone", "clone3"}
    assert {outcome for name, outcome in outcomes.items() if name not in optional} == {"worked"}
    assert all(step["code"] and step["result"] for step in found["steps"])
    assert "ESRCH" in found["steps"][-1]["explained"]


@pytest.mark.portable
def test_tour_shows_each_step_once() -> None:
    """No child of the tour writes what its parent had to write."""
    shown = text("tour")
    assert re.findall(r"^(\d)\. ", shown, re.MULTILINE) == list("12345678")
    assert shown.count("SUMMARY") == 1


def tour_without(*calls: str) -> tuple[int, Any]:
    """The tour's exit status and data where a filter answers EPERM to these calls."""
    denied = [number for name in calls if (number := numbers.table().get(name)) is not None]
    # The filter comes last: it may well forbid what starts a program.
    code = (
        f"import sys; sys.path.insert(0, {str(Path(isolated.__file__).parent)!r})\n"
        "import isolated, pytest, pysys.cli\n"
        "try:\n"
        f"    isolated.filter_calls({denied}, {errno.EPERM})\n"
        "except pytest.skip.Exception:\n"
        "    sys.exit(77)\n"
        "sys.exit(pysys.cli.main(['tour', '--json']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False, env=CLEAN
    )
    if done.returncode == 77:
        pytest.skip("this kernel has no seccomp filters")
    assert not done.stderr
    return done.returncode, json.loads(done.stdout)


def test_tour_in_a_container() -> None:
    """Where a filter denies clone3, as old container engines do, the tour arrives all the same."""
    status, found = tour_without("clone3")
    assert (status, found["worked"]) == (0, True)
    step = next(step for step in found["steps"] if step["name"] == "clone3")
    assert step["outcome"] == "worked" or "EPERM" in step["explained"]


def test_tour_where_nothing_works() -> None:
    """Where no process can be made the tour fails, and every refusal is explained."""
    status, found = tour_without("fork", "vfork", "clone", "clone3")
    assert status == 1
    assert found["worked"] is False
    outcomes = {step["name"]: step["outcome"] for step in found["steps"]}
    assert outcomes == {
        "fork": "failed",
        "vfork": "failed",
        "clone": "refused",
        "clone3": "refused",
        "spawn": "failed",
        "syscall": "worked",
        "resolve": "worked",
        "errors": "worked",
    }
    assert all("EPERM" in step["explained"] for step in found["steps"] if step["outcome"] != "worked")
