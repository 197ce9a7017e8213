"""What pages claim is made to happen: examples print what they say, and lines that provoke an errno give it.

On one Python of this machine (tox -e thorough) all of them run; on an emulated machine its share of them,
which machines/proofs.py hands over, or all (PYSYS_PROOFS=all).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

import pytest
from paths import PROJECT, SUPPORT

import build_reference as reference
from tools import record_examples as recorder

PROOFS = os.environ.get("PYSYS_PROOFS", "")  # from machines/proofs.py, on a machine
# What runs here, by page: what must, and what may be left out if this machine has not what it needs.
SHARE: dict[str, dict[str, list[Any]]] | None = json.loads(PROOFS) if PROOFS.startswith("{") else None
pytestmark = [pytest.mark.divided] if PROOFS else [pytest.mark.thorough]

EXAMPLE = "example"
FILES = reference.files()
TOPICS: dict[str, list[str]] = {}
for name, path in FILES.items():
    TOPICS.setdefault(path.parent.name, []).append(name)


def _examples() -> list[str]:
    if SHARE is not None:
        return sorted(name for part in SHARE.values() for name, what in part.items() if EXAMPLE in what)
    return [name for name, path in FILES.items() if "\n[example]\n" in path.read_text("utf-8")]


def _topics() -> list[str]:
    if SHARE is not None:
        return sorted({FILES[name].parent.name for part in SHARE.values() for name in part})
    return sorted(TOPICS)


class Prover:
    """The process that forks for each proof."""

    def __init__(self, errors: IO[str]) -> None:
        self._errors = errors
        self._process = subprocess.Popen(
            [sys.executable, "-W", "error", str(SUPPORT / "prover.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
            cwd=PROJECT,
            env={**os.environ, "PYTHONPATH": os.pathsep.join([str(PROJECT), *sys.path])},
            start_new_session=True,
        )

    def ask(self, **request: Any) -> dict[str, Any]:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            self._errors.seek(0)
            raise ChildProcessError(f"it ended at {request}: {self._errors.read()}")
        found: dict[str, Any] = json.loads(answer)
        return found

    def close(self) -> None:
        self._process.communicate()


@pytest.fixture(scope="module")
def prover() -> Iterator[Prover]:
    with tempfile.TemporaryFile("w+") as errors:
        one = Prover(errors)
        yield one
        one.close()


@pytest.mark.parametrize("name", _examples())
def test_example(name: str, prover: Prover, record_property: Callable[[str, object], None]) -> None:
    """A page's example runs in a process of its own, ends well and prints what the page says."""
    example = reference.read(FILES[name])["example"]
    if missing := recorder.unmet(example.get("needs", [])):
        assert SHARE is None or EXAMPLE not in SHARE["must"].get(name, ()), f"lacking: {missing}"
        pytest.skip(f"this machine does not have {', '.join(missing)}")
    if not PROOFS:
        with tempfile.TemporaryDirectory() as folder:
            script = Path(folder, name + ".py")
            script.write_text(example["python"])
            # Warnings are errors: an example that warns teaches what it warns of.
            out, err, code = recorder.run([sys.executable, "-W", "error", str(script)], folder)
    else:
        out, err, code = prover.ask(page=name).values()
    recorder.verify(example, out, err, code)
    assert err == ""
    record_property("examples", 1)  # machines/report.py counts


@pytest.mark.parametrize("topic", _topics())
def test_causes(topic: str, prover: Prover, record_property: Callable[[str, object], None]) -> None:
    """What a page says that provokes an errno does, on this kernel; and no other errno comes on the way."""
    proven, wrong, lacking = 0, [], set[str]()
    for name in TOPICS[topic]:
        for part in ("all",) if SHARE is None else ("must", "may"):
            indices = None
            if SHARE is not None:
                indices = [what for what in SHARE[part].get(name, ()) if what != EXAMPLE]
                if not indices:
                    continue
            found = prover.ask(page=name, causes=indices)
            proven += found["proven"]
            wrong += found["wrong"]
            lacking.update(found["lacking"])
            if part == "must" and found["lacking"]:
                # machines/table.py says that this machine has it: no other machine of CI runs these.
                wrong.append(f"{name}: not met here: {', '.join(found['lacking'])}")
    assert not wrong, "\n".join(wrong)
    record_property("causes", proven)
    if lacking and not proven:
        pytest.skip(f"this machine does not have {', '.join(sorted(lacking))}")
