"""The extension: the only module that imports it."""

from __future__ import annotations

from pysys._ffi import ffi, lib

__all__ = ["ABI_NAME", "ffi", "lib"]

ABI_NAME: str = ffi.string(lib.pysys_abi_name).decode()
