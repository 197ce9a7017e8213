"""The site, built once for all tests of it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from paths import PROJECT


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a site that was built for these tests."""
    for needed in ("jinja2", "markdown_it", "pygments"):
        pytest.importorskip(needed)
    folder = tmp_path_factory.mktemp("built") / "site"
    command = [sys.executable, "-m", "tools.site", str(folder)]
    subprocess.run(command, cwd=PROJECT, check=True, timeout=500)
    return folder
