"""copy_file_range, splice and sendfile: positions as ints, as memory, and the files' own."""

from __future__ import annotations

import ctypes
import os
from array import array
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

import pytest

from pysys import abi, calls, errors
from pysys._native import ffi
from pysys.parameters import parameters
from pysys.policy import replacements

FAR = 3 << 30  # more than 32 bits with a sign hold


class Index:
    """A number that is not an int."""

    def __index__(self) -> int:
        return 4


@pytest.fixture
def files(tmp_path: Path) -> Iterator[tuple[IO[bytes], IO[bytes]]]:
    """A file of ten digits, and an empty one."""
    with open(tmp_path / "one", "w+b", 0) as one, open(tmp_path / "two", "w+b", 0) as two:
        one.write(b"0123456789")
        one.seek(2)
        yield one, two


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    ends = os.pipe()
    yield ends
    for end in ends:
        os.close(end)


def content(file: IO[bytes]) -> bytes:
    return os.pread(file.fileno(), 100, 0)


def test_a_part_of_a_file_is_copied(files: tuple[IO[bytes], IO[bytes]]) -> None:
    """An int says where, and moves nothing; None is the file's position, which moves."""
    one, two = files
    assert calls.copy_file_range(one, 4, two, 1, 3) == 3
    assert (content(two), one.tell(), two.tell()) == (b"\x00456", 2, 0)
    assert calls.copy_file_range(one, None, two.fileno(), None, 2) == 2
    assert (content(two), one.tell(), two.tell()) == (b"2356", 4, 2)
    index: Any = Index()
    assert calls.copy_file_range(one, index, two, 3, 100) == 6
    assert (content(two), one.tell(), two.tell()) == (b"235456789", 4, 2)
    assert calls.copy_file_range(one, 10, two, 0, 5) == 0


@pytest.mark.parametrize(
    ("make", "read"),
    [
        (lambda value: array("q", [value]), lambda found: found[0]),
        (ctypes.c_longlong, lambda found: found.value),
        (lambda value: ffi.new("long long *", value), lambda found: found[0]),
        (lambda value: bytearray(array("q", [value])), lambda found: array("q", bytes(found))[0]),
    ],
    ids=["array", "ctypes", "cffi", "bytearray"],
)
def test_a_position_in_memory_is_moved(
    files: tuple[IO[bytes], IO[bytes]],
    pipe: tuple[int, int],
    make: Callable[[int], Any],
    read: Callable[[Any], int],
) -> None:
    """That is the kernel's own form."""
    one, two = files
    source, target = make(4), make(1)
    assert calls.copy_file_range(one, source, two, target, 3) == 3
    assert (read(source), read(target), one.tell(), two.tell()) == (7, 4, 2, 0)
    for send in (calls.sendfile, calls.sendfile64):
        assert send(pipe[1], one, source, 1) == 1
    assert calls.splice(one, source, pipe[1], None, 5) == 1
    assert (read(source), one.tell()) == (10, 2)
    assert calls.splice(pipe[0], None, two, target, 5) == 3
    assert (read(target), content(two)) == (7, b"\x00456789")


def test_bytes_go_through_a_pipe(files: tuple[IO[bytes], IO[bytes]], pipe: tuple[int, int]) -> None:
    """splice takes a position of the file, which may be on either side."""
    one, two = files
    reader, writer = pipe
    assert calls.splice(one, 7, writer, None, 100) == 3
    assert calls.splice(one, None, writer, None, 2, 0) == 2
    assert (os.read(reader, 3), one.tell()) == (b"789", 4)
    assert calls.splice(reader, None, two, 5, 100) == 2
    assert (content(two), two.tell()) == (b"\0\0\0\0\x0023", 0)
    with pytest.raises(errors.ESPIPE):
        calls.splice(reader, 0, two, None, 1)


@pytest.mark.parametrize("send", [calls.sendfile, calls.sendfile64])
def test_a_file_is_sent(
    files: tuple[IO[bytes], IO[bytes]], pipe: tuple[int, int], send: Callable[..., int]
) -> None:
    one, two = files
    assert send(pipe[1], one, 6, 100) == 4
    assert (os.read(pipe[0], 100), one.tell()) == (b"6789", 2)
    assert send(two, one.fileno(), None, 3) == 3
    assert (content(two), one.tell()) == (b"234", 5)
    assert send(two, one, 10, 1) == 0
    with pytest.raises(errors.EINVAL):
        send(two, one, -1, 1)


def test_positions_beyond_32_bits(files: tuple[IO[bytes], IO[bytes]], pipe: tuple[int, int]) -> None:
    """They are what they are on ABIs of 32 bits, too."""
    one, two = files
    os.pwrite(one.fileno(), b"far", FAR)
    for send in (calls.sendfile, calls.sendfile64):
        assert send(pipe[1], one, FAR, 9) == 3
        assert os.read(pipe[0], 9) == b"far"
    assert calls.splice(one, FAR + 1, pipe[1], None, 9) == 2
    assert calls.splice(pipe[0], None, two, FAR + 1, 9) == 2
    assert calls.copy_file_range(one, FAR, two, FAR, 1) == 1
    assert os.pread(two.fileno(), 9, FAR) == b"far"
    assert calls.copy_file_range(one, (1 << 63) - 1, two, None, 0) == 0


@pytest.mark.portable
def test_positions_have_64_bits_on_every_abi() -> None:
    """What is called for sendfile takes a position that has; so do the others."""
    wide = {"long long"}
    for each in map(abi.get, abi.ABIS):
        for name in ("sendfile", "sendfile64", "copy_file_range", "splice"):
            found = replacements.find(name, each)
            used = parameters(found.call if found else name, each) or ()
            taken = {one.points for one in used if one.python.startswith("off")}
            assert taken and taken <= (wide if each.bits == 32 else wide | {"long"}), (name, each)


@pytest.mark.parametrize("wrong", ["1", 1.0, [1], b"12345678", bytearray(4), 1 << 63, 0j])
def test_a_wrong_position_is_refused_by_name(
    files: tuple[IO[bytes], IO[bytes]], pipe: tuple[int, int], wrong: Any
) -> None:
    one, two = files
    refused = (TypeError, ValueError, OverflowError)
    with pytest.raises(refused, match=r"^copy_file_range: off_in\b"):
        calls.copy_file_range(one, wrong, two, None, 1)
    with pytest.raises(refused, match=r"^copy_file_range: off_out\b"):
        calls.copy_file_range(one, None, two, wrong, 1)
    with pytest.raises(refused, match=r"^splice: off_in\b"):
        calls.splice(one, wrong, pipe[1], None, 1)
    with pytest.raises(refused, match=r"^splice: off_out\b"):
        calls.splice(pipe[0], None, two, wrong, 1)
    with pytest.raises(refused, match=r"^sendfile(64)?: offset\b"):
        calls.sendfile(two, one, wrong, 1)
    with pytest.raises(refused, match=r"^sendfile(64)?: offset\b"):
        calls.sendfile64(two, one, wrong, 1)
    assert (content(two), one.tell(), two.tell()) == (b"", 2, 0)
