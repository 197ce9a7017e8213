"""Typed calls whose results are values: io_uring."""

from __future__ import annotations

from pysys import structures
from pysys.arguments import memory
from pysys.calls import direct
from pysys.doc import documented_call


@documented_call
def io_uring_setup(
    entries: int, params: structures.io_uring_params | None = None
) -> tuple[int, structures.io_uring_params]:
    """io_uring_setup(2): make a pair of rings. Returns their descriptor, which exec closes, and their layout.

    entries: how many submissions fit. params: structures.io_uring_params, of which flags
        (flags.IoUringSetupFlags) and what belongs to them count; it is left as it is.

    Since Linux 5.1.
    """
    kind = structures.io_uring_params
    answer = kind() if params is None else memory.copied("io_uring_setup: params", kind, params)
    return direct.io_uring_setup(entries, answer), answer
