"""Every page: its schema, its example, its recorded trace."""

from __future__ import annotations

import importlib.util
import re
import sys
import tempfile
import tomllib
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from pysys.metadata import schema

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted((ROOT / "src/pysys/metadata/pages").glob("*.toml"))
TRACES = ROOT / "src/pysys/metadata/traces"


def load_recorder() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "record_examples", ROOT / "tools/record_examples.py"
    )
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


recorder = load_recorder()
every_page = pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)


def read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text("utf-8"))


def example_of(path: Path) -> dict[str, Any]:
    example: dict[str, Any] | None = read(path).get("example")
    if example is None:
        pytest.skip("the page is no call's and has no example")
    return example


def test_there_are_pages() -> None:
    """The tests below have something to look at."""
    assert PAGES


@every_page
def test_schema(path: Path) -> None:
    """A page has every section, no other key, and says nothing that contradicts the tables."""
    complaints = schema.check(path.name, read(path))
    assert not complaints, "\n".join(complaints)


@every_page
def test_example(path: Path) -> None:
    """A page's example runs in a process of its own, ends well and prints what the page says."""
    example = example_of(path)
    if missing := recorder.unmet(example.get("needs", [])):
        pytest.skip(f"this machine does not have {', '.join(missing)}")
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, path.stem + ".py")
        script.write_text(example["python"])
        # Warnings are errors: an example that warns teaches what it warns of.
        out, err, code = recorder.run([sys.executable, "-W", "error", str(script)], folder)
    recorder.verify(example, out, err, code)
    assert err == ""


@every_page
def test_trace(path: Path) -> None:
    """A page's trace was recorded, with the page's choice of calls, and shows no others."""
    example = example_of(path)
    trace = TRACES / (path.stem + ".txt")
    if not trace.exists() and example.get("needs"):
        pytest.skip(f"not recorded yet: needs {', '.join(example['needs'])}")
    first, second, empty, *lines = trace.read_text("utf-8").splitlines()
    assert first == f"# strace -f -e 'trace=/^({example['strace']})$' python3 {path.stem}.py"
    assert second.startswith(f"# Example {recorder.fingerprint(example)}, "), "record it again"
    machine = r"Linux [\d.]+, \w+, strace [\d.]+, .+, CPython [\w.]+"
    assert re.fullmatch(rf"# Example \w+, {machine}", second)
    assert empty == ""
    assert lines
    for line in lines:
        call = re.match(r"P\d+  (\w+)\(", line)
        if not line.startswith("... and "):
            assert call and re.fullmatch(example["strace"], call[1]), line


def test_traces_have_pages() -> None:
    """No trace is left over from a page that is gone."""
    names = {path.stem for path in PAGES}
    assert {path.stem for path in TRACES.glob("*.txt")} <= names
