"""setuptools' backend, or one line about what is missing, which --no-build-isolation does not install."""

from __future__ import annotations

import importlib.util
import sys

OR = "or install without --no-build-isolation."


def check(setuptools: str | None, cffi: bool) -> None:
    """End the installation with what to do about it where something to build with is missing.

    setuptools: its version, None: it is not there. cffi: whether it is there.
    """
    if setuptools is None:
        sys.exit(f"pysys-linux is built with setuptools: pip install 'setuptools>=77' first, {OR}")
    if int(setuptools.partition(".")[0]) < 77:
        sys.exit(
            f"pysys-linux is built with setuptools 77 or newer, and this is {setuptools}: "
            f"pip install -U setuptools first, {OR}"
        )
    if not cffi:
        sys.exit(f"pysys-linux is built with cffi: pip install 'cffi>=1.17' first, {OR}")


def version() -> str | None:
    """That of setuptools, as it is installed: an old one cannot even be imported by a new Python."""
    from importlib import metadata

    try:
        return metadata.version("setuptools")
    except metadata.PackageNotFoundError:
        return None


check(version(), importlib.util.find_spec("cffi") is not None)

from setuptools.build_meta import *  # noqa: E402, F403  # now that it is there
