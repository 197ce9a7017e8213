"""Which cases of parametrized tests run on a machine of CI: the first of each test, and its share of others.

PYSYS_SHARE, from machines/__main__.py, is its share: "1/8" is the second of eight.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable

import pytest


def left_out(items: Iterable[pytest.Item], share: str) -> list[pytest.Item]:
    """Of these tests, the cases that others run."""
    place, _, among = share.partition("/")
    found, seen = [], set()
    for item in items:
        test = item.nodeid.partition("[")[0]
        theirs = zlib.crc32(item.nodeid.encode()) % int(among) != int(place)
        if test in seen and theirs and item.get_closest_marker("divided") is None:
            found.append(item)
        seen.add(test)
    return found
