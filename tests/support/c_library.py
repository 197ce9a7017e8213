"""Which C library this is."""

from __future__ import annotations

import ctypes

MUSL = not hasattr(ctypes.CDLL(None), "gnu_get_libc_version")
