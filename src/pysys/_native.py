"""Imports the extension. No other module does."""

from __future__ import annotations

import _thread

__all__ = [
    "ABI_NAME",
    "NUMBERED",
    "abandon_plain",
    "call_family",
    "create_plain",
    "ffi",
    "is_main",
    "join_environment",
    "join_strings",
    "join_variables",
    "lib",
    "number_reader",
    "process_type",
    "structure_type",
    "ticket",
]


def _isolated() -> bool:
    """Whether this is a subinterpreter that refuses extension modules made for one interpreter (PEP 684).

    This is checked before the import: if cffi's module is the first in a process whose import is refused, the
    main interpreter of Python 3.12.1 crashes when it uses the module later.
    """
    if getattr(_thread, "daemon_threads_allowed", lambda: True)():  # since 3.12; False if isolated
        return False
    try:
        import _interpreters
    except ImportError:  # on 3.12 nothing else can be found out
        return True
    current = _interpreters.get_current()
    config = _interpreters.get_config(current[0] if isinstance(current, tuple) else current)
    return bool(config.check_multi_interp_extensions)


if _isolated():
    raise ImportError(
        "pysys makes calls through cffi, which cannot be loaded in an isolated subinterpreter (one with its "
        "own GIL): make them in the main one. abi, errors, flags, metadata, numbers and resolve() work here.",
        name=__name__,
    )

from pysys._ffi import (  # noqa: E402  after the check
    abandon_plain,
    call_family,
    create_plain,
    ffi,
    is_main,
    join_environment,
    join_strings,
    join_variables,
    lib,
    number_reader,
    process_type,
    structure_type,
    ticket,
)

ABI_NAME: str = ffi.string(lib.pysys_abi_name).decode()
# The ABIs whose numbers this process can use, its own first.
NUMBERED: list[str] = ffi.string(lib.pysys_numbered).decode().split()
