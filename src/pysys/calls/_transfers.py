"""Typed calls whose arguments are values: data that goes from one file to another inside the kernel.

A position is an int, and nobody is told where the kernel has moved it to. In memory of the caller, of 64 bits
on every ABI, the kernel moves it there; None stands for the open file's own, which is moved.
"""

from __future__ import annotations

import sys

from pysys.arguments import integers, objects
from pysys.calls import direct
from pysys.calls._make import resolved
from pysys.doc import documented_call

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pysys._types import Buffer, Descriptor


def _position(title: str, arg: Any) -> Any:
    """A number as memory for the kernel; memory and None as they are."""
    if arg is None:
        return None
    found = objects.find(arg)
    if isinstance(found, objects.Memory):
        return arg
    value = integers.integer(title, arg if found is None else found, ", a writable buffer or None")
    value = integers.within(title, value, integers.LONG_LONG)
    return bytearray(value.to_bytes(8, sys.byteorder, signed=True))


@documented_call
def copy_file_range(
    fd_in: Descriptor,
    off_in: int | Buffer | None,
    fd_out: Descriptor,
    off_out: int | Buffer | None,
    len: int,
    flags: int = 0,
) -> int:
    """copy_file_range(2): copy a part of a file to another one. Returns how many bytes were copied.

    fd_in, fd_out: the files. off_in, off_out: where it begins in each, in bytes: an int; None for the open
        file's own position, which is moved; or memory with a number of 64 bits, which is moved.
    len: how many bytes; fewer may be copied, and none at the end of fd_in.
    flags: 0.

    Raises: EXDEV if the files are on two file systems, for most of these. Since Linux 4.5.
    """
    return direct.copy_file_range(
        fd_in,
        _position("copy_file_range: off_in", off_in),
        fd_out,
        _position("copy_file_range: off_out", off_out),
        len,
        flags,
    )


@documented_call
def splice(
    fd_in: Descriptor,
    off_in: int | Buffer | None,
    fd_out: Descriptor,
    off_out: int | Buffer | None,
    len: int,
    flags: int = 0,
) -> int:
    """splice(2): move bytes out of a pipe or into it. Returns how many bytes were moved.

    fd_in, fd_out: at least one of them is a pipe. off_in, off_out: where it begins in the other, in bytes, as
        for copy_file_range; None for a pipe.
    len: how many bytes; fewer may be moved, and none at the end. flags: flags.SpliceFlags.

    Raises: ESPIPE for a position of a pipe. Since Linux 2.6.17.
    """
    return direct.splice(
        fd_in, _position("splice: off_in", off_in), fd_out, _position("splice: off_out", off_out), len, flags
    )


@documented_call
def sendfile(out_fd: Descriptor, in_fd: Descriptor, offset: int | Buffer | None, count: int) -> int:
    """sendfile(2): send a part of a file to any descriptor. Returns how many bytes were sent.

    out_fd: where to. in_fd: the file.
    offset: where it begins in in_fd, in bytes, as for copy_file_range.
    count: how many bytes; fewer may be sent, and none at the end of in_fd.

    Positions have 64 bits on every ABI: it is sendfile64 where sendfile has 32.

    Since Linux 2.2.
    """
    return resolved.sendfile(out_fd, in_fd, _position("sendfile: offset", offset), count)


@documented_call
def sendfile64(out_fd: Descriptor, in_fd: Descriptor, offset: int | Buffer | None, count: int) -> int:
    """sendfile64(2): sendfile, by the name that ABIs with 32 bits have for it.

    out_fd, in_fd, offset, count: as for sendfile.

    Returns how many bytes were sent.

    Since Linux 2.6.
    """
    return resolved.sendfile64(out_fd, in_fd, _position("sendfile64: offset", offset), count)
