"""bpf by the fields of its commands: maps, programs, what is refused by name; and the table of the fields."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, assert_type

import pytest
from skips import skipped_if

from pysys import calls, errors, structures
from pysys.flags import (
    BPF_MAP_CREATE,
    BPF_MAP_DELETE_ELEM,
    BPF_MAP_FREEZE,
    BPF_MAP_GET_FD_BY_ID,
    BPF_MAP_GET_NEXT_ID,
    BPF_MAP_GET_NEXT_KEY,
    BPF_MAP_LOOKUP_AND_DELETE_ELEM,
    BPF_MAP_LOOKUP_BATCH,
    BPF_MAP_LOOKUP_ELEM,
    BPF_MAP_TYPE_ARRAY,
    BPF_MAP_TYPE_HASH,
    BPF_MAP_TYPE_PERCPU_ARRAY,
    BPF_MAP_TYPE_QUEUE,
    BPF_MAP_UPDATE_ELEM,
    BPF_OBJ_GET,
    BPF_OBJ_GET_INFO_BY_FD,
    BPF_PROG_LOAD,
    BPF_PROG_TEST_RUN,
    BPF_PROG_TYPE_SOCKET_FILTER,
    BpfCommand,
)
from pysys.parameters import bpf as table
from pysys.parameters import commands

MOVE, EXIT = 0xB7, 0x95


@pytest.fixture
def opened() -> Iterator[list[int]]:
    """Descriptors to be closed."""
    found: list[int] = []
    yield found
    for one in found:
        os.close(one)


def _map(opened: list[int], **fields: Any) -> int:
    fields = {"map_type": BPF_MAP_TYPE_HASH, "key_size": 4, "value_size": 8, "max_entries": 3} | fields
    with skipped_if(errors.EPERM, errors.ENOSYS):
        opened.append(calls.bpf(BPF_MAP_CREATE, **fields))
    return opened[-1]


def test_a_map_is_made_written_and_read(opened: list[int]) -> None:
    """Values and keys are bytes as long as the map's; with the caller's memory the result is the kernel's."""
    fd = _map(opened, map_name="pysys")
    assert calls.bpf(BPF_MAP_UPDATE_ELEM, map_fd=fd, key=b"key1", value=bytearray(b"12345678")) == 0
    assert assert_type(calls.bpf(BPF_MAP_LOOKUP_ELEM, map_fd=fd, key=b"key1"), bytes) == b"12345678"
    assert assert_type(calls.bpf(BPF_MAP_GET_NEXT_KEY, map_fd=fd), bytes) == b"key1"
    with pytest.raises(errors.ENOENT):
        calls.bpf(BPF_MAP_GET_NEXT_KEY, map_fd=fd, key=b"key1")
    space = bytearray(10)
    assert assert_type(calls.bpf(BPF_MAP_LOOKUP_ELEM, map_fd=fd, key=b"key1", value=space), int) == 0
    assert space == b"12345678\0\0"
    about = calls.bpf(BPF_OBJ_GET_INFO_BY_FD, bpf_fd=fd, info=structures.bpf_map_info())
    assert_type(about, structures.bpf_map_info)
    assert (about.key_size, about.value_size, about.max_entries, about.name) == (4, 8, 3, b"pysys")
    assert calls.bpf(BPF_MAP_DELETE_ELEM, map_fd=fd, key=b"key1") == 0
    with pytest.raises(errors.ENOENT):
        calls.bpf(BPF_MAP_LOOKUP_ELEM, map_fd=fd, key=b"key1")
    with skipped_if(errors.EINVAL):  # before Linux 5.2
        assert calls.bpf(BPF_MAP_FREEZE, map_fd=fd) == 0
    with pytest.raises(errors.EPERM):
        calls.bpf(BPF_MAP_UPDATE_ELEM, map_fd=fd, key=b"key1", value=bytes(8))


def test_ids_lead_to_maps(opened: list[int]) -> None:
    """The next id is an int, and a descriptor is found by it."""
    mine = calls.bpf(BPF_OBJ_GET_INFO_BY_FD, bpf_fd=_map(opened), info=structures.bpf_map_info()).id
    with skipped_if(errors.EPERM):
        assert assert_type(calls.bpf(BPF_MAP_GET_NEXT_ID, start_id=mine - 1), int) == mine
    opened.append(assert_type(calls.bpf(BPF_MAP_GET_FD_BY_ID, map_id=mine), int))
    assert calls.bpf(BPF_OBJ_GET_INFO_BY_FD, bpf_fd=opened[-1], info=structures.bpf_map_info()).id == mine


def test_a_value_for_each_processor(opened: list[int]) -> None:
    """It is as long as for all processors that there may be, in units of 8 bytes."""
    fd = _map(opened, map_type=BPF_MAP_TYPE_PERCPU_ARRAY, value_size=4)
    with open("/sys/devices/system/cpu/possible") as file:
        last = int(re.split("[-,]", file.read().strip())[-1])
    size = 8 * (last + 1)  # they have no gaps on machines that tests run on
    calls.bpf(BPF_MAP_UPDATE_ELEM, map_fd=fd, key=bytes(4), value=bytes(range(size)))
    found = calls.bpf(BPF_MAP_LOOKUP_ELEM, map_fd=fd, key=bytes(4))
    assert len(found) == size and found[-8:-4] == bytes(range(size))[-8:-4]
    with pytest.raises(ValueError, match=f"bpf: value is 4 bytes long, but the call uses {size}"):
        calls.bpf(BPF_MAP_LOOKUP_ELEM, map_fd=fd, key=bytes(4), value=bytearray(4))


def test_a_queue_and_many_elements(opened: list[int]) -> None:
    """A map without keys; and what the kernel says of a batch is the part of the union where it answers."""
    queue = _map(opened, map_type=BPF_MAP_TYPE_QUEUE, key_size=0)
    calls.bpf(BPF_MAP_UPDATE_ELEM, map_fd=queue, value=b"12345678")
    assert calls.bpf(BPF_MAP_LOOKUP_AND_DELETE_ELEM, map_fd=queue) == b"12345678"
    fd = _map(opened, map_type=BPF_MAP_TYPE_ARRAY)
    calls.bpf(BPF_MAP_UPDATE_ELEM, map_fd=fd, key=bytes(4), value=b"12345678")
    next_one, keys, values = bytearray(4), bytearray(12), bytearray(24)
    with skipped_if(errors.EINVAL):  # before Linux 5.6
        found = calls.bpf(
            BPF_MAP_LOOKUP_BATCH, map_fd=fd, out_batch=next_one, keys=keys, values=values, count=2
        )
    assert assert_type(found, structures.bpf_attr_batch).count == 2
    assert values[:8] == b"12345678" and keys[4:8] != bytes(4)


def test_a_program(opened: list[int]) -> None:
    """Instructions in a list, a license as text, a log; it runs, and the part of the union has its result."""
    insns = [structures.bpf_insn(code=MOVE, imm=7), structures.bpf_insn(code=EXIT)]
    kind = BPF_PROG_TYPE_SOCKET_FILTER
    with skipped_if(errors.EPERM, errors.ENOSYS):
        opened.append(calls.bpf(BPF_PROG_LOAD, prog_type=kind, insns=insns, license="GPL"))
    with skipped_if(errors.EINVAL, errors.ENOTSUPP):
        ran = calls.bpf(BPF_PROG_TEST_RUN, prog_fd=opened[-1], data_in=bytes(64))
    assert (assert_type(ran, structures.bpf_attr_test).retval, ran.data_size_in) == (7, 64)
    log = bytearray(1 << 16)
    for end in (insns[1:], structures.bpf_insn.array(insns[1:]), bytes(insns[1])):
        with pytest.raises((errors.EACCES, errors.EINVAL)):
            calls.bpf(BPF_PROG_LOAD, prog_type=kind, insns=end, license=b"GPL", log_buf=log)
        assert b"R0 !read_ok" in log
        log[:] = bytes(len(log))


def test_the_kernels_own_form(opened: list[int]) -> None:
    """With uattr it is the kernel's call, whose size may be left out."""
    attr = structures.bpf_attr(map_type=BPF_MAP_TYPE_ARRAY, key_size=4, value_size=4, max_entries=1)
    with skipped_if(errors.EPERM, errors.ENOSYS):
        opened.append(assert_type(calls.bpf(BPF_MAP_CREATE, attr, attr.nbytes), int))
    opened.append(calls.bpf(BPF_MAP_CREATE, bytearray(bytes(attr))))
    attr = structures.bpf_attr(map_fd=opened[0], key=bytearray(4), value=bytearray(4))
    assert assert_type(calls.bpf(BPF_MAP_LOOKUP_ELEM, attr), int) == 0


def test_what_is_wrong_is_refused_by_name(opened: list[int]) -> None:
    """Before the kernel writes or says EINVAL: other commands' fields, memory that is too short or fixed."""
    fd, bpf = _map(opened), calls.bpf
    key: Any = b"key1"
    bpf(BPF_MAP_UPDATE_ELEM, map_fd=fd, key=key, value=bytes(8))
    wrong: list[tuple[type[Exception], str, dict[str, Any]]] = [
        (TypeError, "bpf: BPF_MAP_LOOKUP_ELEM has no field 'valeu': did you mean value", {"valeu": 1}),
        (TypeError, "bpf: BPF_MAP_LOOKUP_ELEM has no field 'key_size'", {"key_size": 4}),
        (ValueError, "bpf: key is 2 bytes long, but the call uses 4", {"key": b"ab"}),
        (ValueError, "bpf: value is 4 bytes long, but the call uses 8", {"value": bytearray(4)}),
        (TypeError, "value leads to read-only memory", {"value": bytes(8)}),
        (TypeError, "bpf: key must be a buffer, not int", {"key": 5}),
        (TypeError, "bpf: key must be a buffer, not str", {"key": "key1"}),
        (TypeError, "bpf: map_fd must be an int or have fileno", {"map_fd": "1"}),
        (OverflowError, "bpf: flags: ", {"flags": 1 << 64}),
        (TypeError, "bpf: flags is a field of uattr", {"uattr": structures.bpf_attr(), "flags": 1}),
    ]
    for kind, text, fields in wrong:
        if "uattr" not in fields:
            fields = {"map_fd": fd, "key": key} | fields
        with pytest.raises(kind, match=text):
            bpf(BPF_MAP_LOOKUP_ELEM, **fields)
    with pytest.raises(ValueError, match="bpf: cmd: what 99 takes is not known here: give uattr"):
        bpf(99, map_fd=fd)  # type: ignore[call-overload]  # wrong on purpose
    with pytest.raises(TypeError, match="bpf: size is that of uattr"):
        bpf(BPF_MAP_LOOKUP_ELEM, size=64, map_fd=fd)  # type: ignore[call-overload]  # wrong on purpose
    with pytest.raises(TypeError, match="bpf: cmd must be an int, not str"):
        bpf("BPF_MAP_CREATE")  # type: ignore[call-overload]  # wrong on purpose
    with pytest.raises(TypeError, match="no field 'bpf_fd'"):
        bpf(BPF_OBJ_GET, bpf_fd=fd)  # type: ignore[call-overload]  # wrong on purpose
    with pytest.raises(ValueError, match="bpf: pathname contains a null byte"):
        bpf(BPF_OBJ_GET, pathname="a\0b")
    for more in ({}, {"value": bytearray(8)}):
        with pytest.raises(errors.EBADF):
            bpf(BPF_MAP_LOOKUP_ELEM, map_fd=2**31 - 1, key=key, **more)  # type: ignore[call-overload]  # what `more` has cannot be seen
        with open("/dev/null") as file, pytest.raises(errors.EINVAL):
            bpf(BPF_MAP_LOOKUP_ELEM, map_fd=file, key=key, **more)  # type: ignore[call-overload]  # what `more` has cannot be seen


@pytest.mark.portable
def test_every_command_has_fields() -> None:
    """Those of the union or of its part; and the table of memory knows no command that this one does not."""
    found = table.commands()
    members = {int(one): one.name for one in BpfCommand if one.name != "BPF_COMMON_ATTRS"}
    assert {number: one.name for number, one in found.items()} == members
    union = structures.bpf_attr()
    for command in found.values():
        part = getattr(union, command.part) if command.part else union
        assert all(hasattr(part, name) for name in command.fields), command.name
        assert bool(command.fields) != bool(command.part)
        if command.answer:
            assert hasattr(union, command.answer), command.name
    assert {name for _, name, _ in commands.entries(commands._BPF)} <= set(members.values())


@pytest.mark.portable
@pytest.mark.slow
def test_the_fields_are_those_that_the_kernel_allows() -> None:
    """What its CHECK_ATTR does not want to be zero: nothing behind the last field."""
    tree = os.environ.get("PYSYS_KERNEL_TREE")
    if tree is None:
        pytest.skip("compares with the kernel's source, which PYSYS_KERNEL_TREE names")
    source = Path(tree, "kernel/bpf/syscall.c").read_text()
    last = dict(re.findall(r"^#define (BPF_\w+)_LAST_FIELD (\S+)", source, re.MULTILINE))
    assert len(last) > 25
    offsets = {one.name: one.offset + one.nbytes for one in structures.describe("bpf_attr")}
    for command in table.commands().values():
        field = last.get(command.name, "")
        part, dot, _ = field.partition(".")
        if dot:
            assert command.part == part, command.name
        elif field:
            assert max(offsets[name] for name in command.fields) == offsets[field], command.name
