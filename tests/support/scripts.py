"""The scripts that build the package, as modules; the package itself does not import them."""

from __future__ import annotations

from importlib.util import module_from_spec, spec_from_file_location
from typing import Any

from paths import PROJECT


def script(name: str) -> Any:
    """A script of the project's folder, "build_calls", loaded for the caller alone."""
    spec = spec_from_file_location(name, PROJECT / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
