"""docs/supervisor.md: requirement W15."""

from __future__ import annotations

import os
import re
import signal
import tempfile
import threading
from pathlib import Path
from typing import Any

import pytest
from isolated import children, need_root, nothing_left, until
from paths import PROJECT
from patience import PATIENCE

pytestmark = pytest.mark.isolated

GUIDE = PROJECT / "docs/supervisor.md"
COUNT = 200
# Of five services, the first fails once, the second is killed once, the third leaves an orphan, and the fifth
# ignores SIGTERM.
SERVICE = """
n=$1 kind=$(($1 % 5)) first=$2/$1
case $kind in
0) [ -e $first ] || { : >$first; echo fails; exit 3; } ;;
1) [ -e $first ] || { : >$first; kill -KILL $$; } ;;
2) (sleep 0.01 & ) ;;
4) trap '' TERM ;;
esac
trap 'echo hup' HUP
[ $kind = 4 ] || trap 'echo term; exit 0' TERM
echo ready
while :; do sleep 1 & wait $!; done
"""
ENDS = {
    0: ["exited with status 3", "exited with status 0"],
    1: ["ended by SIGKILL: Killed", "exited with status 0"],
    4: ["ended by SIGKILL: Killed"],
}


def code() -> str:
    found = re.search(r"```python\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)
    assert found
    return found[1]


def test_W15_it_is_some_fifty_lines() -> None:
    """Without imports and empty lines."""
    lines = code().partition("def supervise")[2].splitlines()
    assert len([line for line in lines if line.strip()]) < 55


@pytest.mark.portable  # 200 shells, whose calls other tests make on every kernel
@pytest.mark.parametrize("user", ["root", "nobody"])
@pytest.mark.isolated(timeout=200)
def test_W15_the_guide(user: str) -> None:
    """200 services: output, restarts, orphans, signals, and a stop that leaves nothing."""
    text = code()
    folder = tempfile.mkdtemp()
    if user == "nobody":
        import pysys

        need_root()
        pysys.preload()
        os.chown(folder, 65534, 65534)
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)
    example: dict[str, Any] = {}
    exec(compile(text, str(GUIDE), "exec"), example)
    said: dict[str, list[str]] = {}
    lines: list[str] = []

    def say(name: str, text: str) -> None:
        """Each signal follows when all services have said what the one before was for."""
        for line in text.split("\n"):
            said.setdefault(name, []).append(line)
            lines.append(line)
            if line == "ready" and lines.count("ready") == COUNT:
                os.kill(os.getpid(), signal.SIGHUP)
            elif line == "hup" and lines.count("hup") == COUNT:
                os.kill(os.getpid(), signal.SIGTERM)

    services = {f"s{number}": ["sh", "-c", SERVICE, "sh", str(number), folder] for number in range(COUNT)}
    signal.pthread_sigmask(signal.SIG_BLOCK, example["SIGNALS"])
    with nothing_left():
        example["supervise"](services, say, patience=PATIENCE)
        # What the last ones left has become this process's, when it has ended.
        from pysys import reap

        def is_over() -> bool:
            reap()
            return not children()

        until(is_over)
        signal.sigtimedwait([signal.SIGCHLD], 0)
    assert threading.active_count() == 1
    for number in range(COUNT):
        ends = [line for line in said[f"s{number}"] if line.startswith(("exited", "ended"))]
        assert ends == ENDS.get(number % 5, ["exited with status 0"]), (number, said[f"s{number}"])
        assert ("term" in said[f"s{number}"]) == (number % 5 != 4)
    orphans = [line for name in said.keys() - services.keys() for line in said[name]]
    assert sum(line.startswith("an orphan: ") for line in orphans) >= COUNT // 5
    for path in Path(folder).iterdir():
        path.unlink()
