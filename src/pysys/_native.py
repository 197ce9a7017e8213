"""The extension, typed: the only module that imports it."""

from __future__ import annotations

from pysys import _ffi

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

ffi: Any = _ffi.ffi
lib: Any = _ffi.lib

ABI_NAME: str = ffi.string(lib.pysys_abi_name).decode()
