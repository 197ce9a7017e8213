"""Installing where something to build with is missing: one line says what to do."""

from __future__ import annotations

import subprocess
import sys
from importlib import metadata
from types import ModuleType
from typing import Any

import pytest
from paths import PROJECT
from scripts import script

pytestmark = pytest.mark.once


def loaded(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The backend, as where nothing is missing; tests may run where setuptools is old, or not installed."""
    meta = ModuleType("setuptools.build_meta")
    meta.build_wheel = meta.build_editable = lambda *_: ""  # type: ignore[attr-defined]  # a stand-in
    monkeypatch.setitem(sys.modules, "setuptools", ModuleType("setuptools"))
    monkeypatch.setitem(sys.modules, "setuptools.build_meta", meta)
    monkeypatch.setattr(metadata, "version", lambda _: "77.0.1")
    return script("build_backend")


def test_nothing_to_build_with() -> None:
    """Without site-packages there is no setuptools; the line is all that is printed."""
    command = f"import sys; sys.path.insert(0, {str(PROJECT)!r}); import build_backend"
    done = subprocess.run([sys.executable, "-I", "-S", "-c", command], capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert "pip install 'setuptools>=77' first" in done.stderr


@pytest.mark.parametrize(
    "setuptools, cffi, said",
    [
        (None, True, "pip install 'setuptools>=77'"),
        ("76.1.0", True, r"this is 76\.1\.0: pip install -U setuptools"),
        ("77.0.0", False, "pip install 'cffi>=1.17'"),
        ("100", True, None),
    ],
)
def test_what_is_missing(
    setuptools: str | None, cffi: bool, said: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Setuptools, a newer one, cffi; nothing."""
    backend = loaded(monkeypatch)
    if said is None:
        backend.check(setuptools, cffi)
        return
    with pytest.raises(SystemExit, match=said) as caught:
        backend.check(setuptools, cffi)
    assert "\n" not in str(caught.value)


def test_it_has_what_setuptools_has(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing is missing, it is setuptools' backend."""
    backend = loaded(monkeypatch)
    assert backend.build_wheel is sys.modules["setuptools.build_meta"].build_wheel
