"""Typed calls whose results are values: io_uring."""

from __future__ import annotations

from pysys import structures
from pysys.calls import direct
from pysys.metadata.doc import documented_call


@documented_call
def io_uring_setup(
    entries: int, params: structures.io_uring_params | None = None
) -> tuple[int, structures.io_uring_params]:
    """io_uring_setup(2): a pair of rings; their descriptor, closed by exec, and where what is in them.

    entries: how many submissions there is room for. params: structures.io_uring_params, of which flags
        (flags.IoUringSetupFlags) and what belongs to them count; it is left as it is.

    Since Linux 5.1.
    """
    if params is not None and not isinstance(params, structures.io_uring_params):
        raise TypeError(f"params must be structures.io_uring_params, not {type(params).__name__}")
    answer = structures.io_uring_params() if params is None else params.copy()
    return direct.io_uring_setup(entries, answer), answer
