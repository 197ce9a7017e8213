"""Typed calls whose results are values: what the security modules know of this thread."""

from __future__ import annotations

from pysys import flags as _flags
from pysys import structures
from pysys._native import ffi
from pysys.arguments import memory
from pysys.calls import direct
from pysys.doc import documented_call
from pysys.errors import E2BIG
from pysys.structures.records import LsmContext

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pysys._types import Buffer


@documented_call
def lsm_get_self_attr(attr: int, flags: int = 0, id: int = 0) -> list[LsmContext]:
    """lsm_get_self_attr(2): an attribute of the thread, of each security module that has it.

    attr: flags.LsmAttribute. flags: flags.LsmFlags; LSM_FLAG_SINGLE asks one module alone.
    id: with it, the module: flags.LsmId.

    Returns a structures.records.LsmContext for each module.

    Raises: EOPNOTSUPP if no module has it. Since Linux 6.8.
    """
    size = ffi.new("uint32_t *", 1024)
    while True:
        buffer = bytearray(size[0])
        if id:
            head = bytes(memory.made("lsm_get_self_attr", structures.lsm_ctx, id=id))
            buffer[: len(head)] = head
        try:
            count = direct.lsm_get_self_attr(attr, buffer, size, flags)
        except E2BIG:
            if size[0] <= len(buffer):
                raise
        else:
            return _contexts(bytes(buffer), count)


def _contexts(raw: bytes, count: int) -> list[LsmContext]:
    found = []
    start = 0
    for _ in range(count):
        one = structures.lsm_ctx.from_bytes(raw[start:])
        context = one.ctx[: one.ctx_len]
        found.append(LsmContext(_named(one.id), one.flags, context))
        start += one.len
    return found


@documented_call
def lsm_set_self_attr(attr: int, id: int, context: Buffer, flags: int = 0) -> None:
    """lsm_set_self_attr(2): set an attribute of the thread.

    attr: flags.LsmAttribute. id: flags.LsmId, the module. context: as the module writes it. flags: 0.

    Returns None.

    Since Linux 6.8.
    """
    data = memory.data("lsm_set_self_attr: context", context)
    made = structures.lsm_ctx.with_extra(len(data), ctx_len=len(data), ctx=data)
    memory.put("lsm_set_self_attr: id", made, "id", id)
    made.len = made.nbytes
    direct.lsm_set_self_attr(attr, made, made.nbytes, flags)


@documented_call
def lsm_list_modules() -> list[int]:
    """lsm_list_modules(2): the security modules at work, in their order: flags.LsmId, or numbers.

    Returns their ids.

    Since Linux 6.8.
    """
    size = ffi.new("uint32_t *", 256)
    while True:
        ids: Any = ffi.new("uint64_t[]", size[0] // 8)
        try:
            count = direct.lsm_list_modules(ids, size, 0)
        except E2BIG:
            if size[0] <= ffi.sizeof(ids):
                raise
        else:
            return [_named(one) for one in ids[0:count]]


def _named(number: int) -> int:
    try:
        return _flags.LsmId(number)
    except ValueError:  # of a newer kernel
        return number
