"""Typed calls whose results are values: bpf, by the fields of its union.

    fd = bpf(BPF_MAP_CREATE, map_type=BPF_MAP_TYPE_HASH, key_size=4, value_size=8, max_entries=1)
    bpf(BPF_MAP_UPDATE_ELEM, map_fd=fd, key=b"key1", value=bytes(8))
    bpf(BPF_MAP_LOOKUP_ELEM, map_fd=fd, key=b"key1")    b"\\0\\0\\0\\0\\0\\0\\0\\0"

The fields are those that the command reads (pysys.parameters.bpf); another one is refused by its name, where
the kernel says EINVAL. How long keys and values are is asked of the map.
"""

from __future__ import annotations

from pysys import structures
from pysys.arguments import integers, memory, objects, pointers, text
from pysys.calls import direct
from pysys.doc import documented_call
from pysys.errors import EBADFD, SyscallError
from pysys.loading import hint
from pysys.parameters.bpf import commands

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pysys._types import Buffer
    from pysys.parameters.bpf import Command

_OBJ_GET_INFO_BY_FD, _COMMON_ATTRS = 15, 1 << 16
_STRINGS = frozenset({"license", "pathname", "name"})
_LEVELS = {"log_buf": "log_level", "btf_log_buf": "btf_log_level"}
_ELEMENTS = ("key", "value", "next_key")
_PER_CPU = frozenset({5, 6, 10, 21})  # the types of maps that have a value for each processor
_ONE_CPU = 8 | 16  # BPF_F_CPU, BPF_F_ALL_CPUS: one value all the same
_POSSIBLE = "/sys/devices/system/cpu/possible"


@documented_call
def bpf(
    cmd: int,
    uattr: structures.bpf_attr | Buffer | None = None,
    size: int | None = None,
    uattr_common: structures.bpf_common_attr | Buffer | None = None,
    size_common: int | None = None,
    **fields: Any,
) -> Any:
    """bpf(2): work with extended BPF: its maps, programs, links and type information.

    cmd: flags.BpfCommand.
    uattr: structures.bpf_attr, which the kernel reads and writes; None: one is made of the fields.
    size: its bytes; None: all.
    uattr_common: structures.bpf_common_attr, with BPF_COMMON_ATTRS in cmd. size_common: its bytes; None: all.
        Both are of Linux 7.2.
    fields: those of the command, by their names in structures.bpf_attr, or in the part of it that is named as
        the command is. Ints and descriptors; for pointers buffers, structures, and lists of those; str, bytes
        or a path for license, pathname and name. Lengths that are left out are those of the buffers, and
        log_level is then 1 if there is a log_buf.

    Returns the kernel's result, an int, with uattr. Without it: the value of BPF_MAP_LOOKUP_ELEM and
    BPF_MAP_LOOKUP_AND_DELETE_ELEM and the key of BPF_MAP_GET_NEXT_KEY, which are left out, as bytes; the next
    id of BPF_PROG_GET_NEXT_ID and its kin; the info that was given to BPF_OBJ_GET_INFO_BY_FD, filled; the
    part of bpf_attr that the kernel answers in: structures.bpf_attr_test, bpf_attr_query, bpf_attr_batch or
    bpf_attr_task_fd_query; otherwise an int, such as the new descriptor.

    Since Linux 3.18.
    """
    if size_common is None:
        size_common = _length("bpf: uattr_common", uattr_common)
    common = uattr_common, size_common
    if uattr is not None:
        if fields:
            raise TypeError(f"bpf: {next(iter(fields))} is a field of uattr: give either uattr or fields")
        return direct.bpf(cmd, uattr, _length("bpf: uattr", uattr) if size is None else size, *common)
    if size is not None:
        raise TypeError("bpf: size is that of uattr, which is not given")
    number = integers.integer("bpf: cmd", cmd)
    command = commands().get(number & ~_COMMON_ATTRS)
    if command is None:
        raise ValueError(f"bpf: cmd: what {integers.shown(number)} takes is not known here: give uattr")
    attr = structures.bpf_attr()
    part = getattr(attr, command.part) if command.part else attr
    _set(command, part, fields)
    written = None
    if "key" in command.fields:
        answer = command.answer if fields.get(command.answer) is None else ""
        written = _elements(command, fields, answer)
        if written is not None:
            setattr(attr, answer, written)
    result = direct.bpf(number, attr, attr.nbytes, *common)
    if written is not None:
        return bytes(written)
    if number & ~_COMMON_ATTRS == _OBJ_GET_INFO_BY_FD:
        return fields.get("info", result)
    return getattr(attr, command.answer) if command.answer and command.answer not in fields else result


def _length(title: str, arg: Any) -> int:
    """How many bytes of memory an argument has."""
    if arg is None:
        return 0
    found = objects.find(arg)
    if not isinstance(found, objects.Memory) or found.length is None:
        raise memory.no_buffer(title, arg, writable=False)
    return found.length


def _set(command: Command, part: Any, fields: dict[str, Any]) -> None:
    """The fields in the union, or in the part of it that the command reads."""
    known = command.fields or tuple(type(part)._fields)
    for name, value in fields.items():
        title = f"bpf: {name}"
        if name not in known:
            raise TypeError(f"bpf: {command.name} has no field {name!r}{hint(name, known)}")
        if name in _STRINGS and text.is_path(value):
            value = text.encoded(title, value) + b"\0"
        elif name in _ELEMENTS and value is not None:
            _length(title, value)  # not an address
        elif isinstance(value, list | tuple) and value and isinstance(value[0], structures.Structure):
            value = type(value[0]).array(value)
        memory.put(title, part, name, value)
        fields[name] = value
    for name, length, size in pointers.lengths(type(part).__name__):
        if fields.get(name) is not None and length and length not in fields:
            found = objects.find(fields[name])
            if isinstance(found, objects.Memory) and found.length is not None:
                setattr(part, length, found.length // size)
    for name, level in _LEVELS.items():
        if fields.get(name) is not None and level not in fields:
            setattr(part, level, 1)


def _elements(command: Command, fields: dict[str, Any], answer: str) -> bytearray | None:
    """Memory for the answer of a command about an element of a map; that for the others is long enough."""
    info = structures.bpf_map_info()
    attr = structures.bpf_attr()
    memory.put("bpf: map_fd", attr.info, "bpf_fd", fields.get("map_fd", 0))
    attr.info.info = info
    attr.info.info_len = info.nbytes
    try:
        direct.bpf(_OBJ_GET_INFO_BY_FD, attr, attr.nbytes, None, 0)
    except EBADFD:
        return None  # the call itself calls that EBADF, and does not look at memory
    except SyscallError:  # no map, or a kernel before 4.13
        if answer:
            raise
        return None
    sizes = {"key": info.key_size, "next_key": info.key_size, "value": info.value_size}
    if info.type in _PER_CPU and not fields.get("flags", 0) & _ONE_CPU:
        sizes["value"] = (info.value_size + 7) // 8 * 8 * _processors()
    for name, need in sizes.items():
        if fields.get(name) is not None and (length := _length(f"bpf: {name}", fields[name])) < need:
            raise memory.too_short(f"bpf: {name}", length, need)
    return bytearray(sizes[answer]) if answer else None


def _processors() -> int:
    """How many processors there may be, those that can be added included."""
    with open(_POSSIBLE, encoding="ascii") as file:
        ranges = [one.partition("-") for one in file.read().strip().split(",")]
    return sum(int(last or first) - int(first) + 1 for first, _, last in ranges)
