"""The programs in docs/recipes do what they say, where this machine lets them."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from paths import PROJECT
from patience import PATIENCE

from pysys import structures

FOLDER = PROJECT / "docs/recipes"
# What each prints, and the errors that come from machines on which it cannot run, with the reason.
RECIPES: dict[str, tuple[str, dict[str, str]]] = {
    "confined": (
        r"box\n0\nboth are refused\n",
        {
            "EPERM": "namespaces are forbidden here",
            "EACCES": "namespaces are forbidden here",
            "ENOSPC": "namespaces are forbidden here",
            "EINVAL": "this kernel has no such namespaces",
            "ENOSYS": "this kernel has no Landlock",
            "EOPNOTSUPP": "Landlock is not turned on",
        },
    ),
    "uring_read": (
        r'\S+os\.py r"""OS routines.*\n\S+tokenize\.py """Tokenization help.*\n',
        {"EPERM": "io_uring is forbidden here", "ENOSYS": "this kernel has no io_uring"},
    ),
    "perf_group": (
        r"PERF_COUNT_SW_TASK_CLOCK [1-9]\d*\nPERF_COUNT_SW_PAGE_FAULTS [1-9]\d*\n"
        r"PERF_COUNT_SW_PAGE_FAULTS_MIN [1-9]\d*\n",
        {
            "EACCES": "kernel.perf_event_paranoid forbids it",
            "EPERM": "perf is forbidden here",
            "ENOSYS": "this kernel has no perf events",
        },
    ),
    "seccomp_supervisor": (
        r"chroot /nonexistent\nchroot returned None\n",
        {"EINVAL": "this kernel has no seccomp filters", "EBUSY": "another filter here has a listener"},
    ),
    "reflink": (
        r"target has 7 bytes of source\n",
        dict.fromkeys(("EOPNOTSUPP", "EINVAL", "ENOTTY"), "the file system cannot share blocks"),
    ),
    "userfaultfd_handler": (
        r"touched 0\nread supplied\n",
        {"EPERM": "userfaultfd is forbidden here", "ENOSYS": "this kernel has no userfaultfd"},
    ),
    "packet_filter": (
        r"received 1028 bytes from lo\n",
        {"EPERM": "namespaces are forbidden here", "ENOSPC": "namespaces are forbidden here"},
    ),
    "netlink_dump": (r"(\d+ \S+\n)*", {}),
    "terminal_speed": (r"74880 baud\n", {}),
    "tun_device": (
        r"made tun0\nthere are lo( \S+)* tun0( \S+)*\n",
        {
            "EPERM": "namespaces are forbidden here",
            "ENOSPC": "namespaces are forbidden here",
            "EINVAL": "this kernel has no such namespaces",
            "ENOENT": "there is no /dev/net/tun",
            "ENODEV": "this kernel has no tun",
            "EACCES": "/dev/net/tun is forbidden here",
        },
    ),
    "loop_device": (
        r"the device has 15 bytes\n",
        {
            "EPERM": "loop devices are forbidden here",
            "EACCES": "loop devices are forbidden here",
            "ENOENT": "there is no /dev/loop-control, or no new device in /dev",
            "ENODEV": "this kernel has no loop devices",
            "ENXIO": "this kernel has no loop devices",
            "EBUSY": "somebody else was faster",
        },
    ),
}
# Numbers that are not the kernel's: how many, whether, and where in a sequence; a size, a speed.
PLAIN = {-1, 0, 1, 1000, 74880}


def test_every_recipe_is_run_and_listed() -> None:
    """Each program has a row here and one in docs/recipes/README.md, and there are no others."""
    programs = {path.stem for path in FOLDER.glob("*.py")}
    listed = re.findall(r"^\| \[`(\w+)\.py`\]\(\1\.py\) \|", (FOLDER / "README.md").read_text("utf-8"), re.M)
    assert programs == RECIPES.keys() == {*listed}


@pytest.mark.portable
@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_is_short_and_types_no_number(name: str) -> None:
    """Under 30 lines; numbers come from the kernel's names; the docstring says what it needs."""
    text = (FOLDER / f"{name}.py").read_text("utf-8")
    tree = ast.parse(text)
    assert len(text.splitlines()) < 30
    assert re.search(r"\b[Nn]eeds?\b", ast.get_docstring(tree) or "")
    numbers = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    assert {one for one in numbers if isinstance(one, int | float)} <= PLAIN


@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_does_what_it_says(name: str, tmp_path: Path) -> None:
    """In a process and an empty folder of its own, without a warning."""
    printed, excuses = RECIPES[name]
    if name == "terminal_speed" and "termios2" not in structures.names():
        pytest.skip("powerpc has no termios2: the speeds are in termios")
    command = [sys.executable, "-W", "error", str(FOLDER / f"{name}.py")]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60 * PATIENCE)
    failed = re.findall(r"^pysys\.errors\.(\w+): ", done.stderr, re.MULTILINE)
    if failed and failed[0] in excuses:
        pytest.skip(excuses[failed[0]])
    assert (done.returncode, done.stderr) == (0, "")
    assert re.fullmatch(printed, done.stdout), done.stdout
