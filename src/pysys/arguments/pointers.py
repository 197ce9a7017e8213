"""Memory that the kernel reaches through pointers in structures: is it long enough, may it be written to?

Looked at is what the structures keep: which Python objects their pointers were set to. An address that
was set as a number is the caller's own affair.
"""

from __future__ import annotations

from pysys._native import ffi, lib
from pysys.arguments import objects
from pysys.loading import counted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from pysys.arguments.objects import Memory
    from pysys.owner import Owner

# How many bytes there are where a field leads to, in another field: `field[bytes]`, `field[count:size]`
# with the size a number or a structure's; `field[]` where no field says it.
_LENGTHS = {
    "iovec": "iov_base[iov_len]",
    "msghdr": "msg_name[msg_namelen] msg_iov[msg_iovlen:iovec] msg_control[msg_controllen]",
    "iocb": "aio_buf[aio_nbytes]",
    "aio_sigset": "sigmask[sigsetsize]",
    "xattr_args": "value[size]",
    "sock_fprog": "filter[len:sock_filter]",
    "kexec_segment": "buf[bufsz]",
    "keyctl_kdf_params": "otherinfo[otherinfolen]",
    "prctl_mm_map": "auxv[auxv_size]",
    "bpf_attr": "key[] value[] next_key[] insns[insn_cnt:bpf_insn] log_buf[log_size] btf[btf_size]"
    " btf_log_buf[btf_log_size] signature[signature_size] excl_prog_hash[excl_prog_hash_size]",
    "bpf_attr_batch": "in_batch[] out_batch[] keys[] values[]",
    "bpf_attr_test": "data_in[data_size_in] data_out[data_size_out] ctx_in[ctx_size_in]"
    " ctx_out[ctx_size_out]",
    "bpf_attr_info": "info[info_len]",
    "bpf_attr_query": "prog_ids[prog_cnt:4] prog_attach_flags[prog_cnt:4] link_ids[prog_cnt:4]"
    " link_attach_flags[prog_cnt:4]",
    "bpf_attr_task_fd_query": "buf[buf_len]",
    "bpf_attr_prog_stream_read": "stream_buf[stream_buf_len]",
    "bpf_common_attr": "log_buf[log_size]",
    "bpf_prog_info": "jited_prog_insns[jited_prog_len] xlated_prog_insns[xlated_prog_len]"
    " map_ids[nr_map_ids:4] jited_ksyms[nr_jited_ksyms:8] jited_func_lens[nr_jited_func_lens:4]"
    " func_info[] line_info[] jited_line_info[] prog_tags[nr_prog_tags:8]",
    "bpf_map_info": "hash[hash_size]",
    "bpf_btf_info": "btf[btf_size] name[name_len]",
}

TAG = "kernel_"
_O_ACCMODE, _O_WRONLY, _F_GETFL = 3, 1, 3
_NUMBERS = {size: ffi.typeof(f"uint{8 * size}_t *") for size in (2, 4, 8)}
# By aio_lio_opcode of an iocb: pread, pwrite, preadv, pwritev. Others do not look at aio_buf.
_SUBMITTED = {
    0: {"aio_buf": "writes"},
    1: {"aio_buf": "reads"},
    7: {"aio_buf": "reads", "iov_base": "writes"},
    8: {"aio_buf": "reads", "iov_base": "reads"},
}
_VECTORED = (7, 8)

# By structure and offset, the pointers there: name and bytes, offset and bytes of the length (0: none says
# it), and the size of what that counts.
_layouts: dict[str, dict[int, list[tuple[str, int, int, int, int]]]] = {}


def check(title: str, how: Mapping[str, str], owner: Owner, extent: int, first: object) -> None:
    """Raise if the kernel reads or writes more than there is behind the pointers, or writes what is fixed.

    title: how messages speak of the parameter. how: what the call does through which pointers: reads,
    writes, splices (out of a pipe or into it), submits (what the iocb says). owner: a structure, or an array.
    extent: how many bytes of it the kernel looks at. first: the call's first argument.
    """
    if not owner._keep:
        return
    scale = 1
    if "submits" in how.values():
        opcode = getattr(owner, "aio_lio_opcode", -1)  # which an array has not
        how = _SUBMITTED.get(opcode, {})
        scale = ffi.sizeof("struct kernel_iovec") if opcode in _VECTORED else 1
    for name, leads, need, memory in _followed(owner, objects.address(owner.cdata), extent, how, scale):
        left = None if memory.length is None else memory.address + memory.length - leads
        if left is not None and left < need:
            found = counted(left, "byte")
            raise ValueError(f"{title}: {name} leads to {found}, but the call uses {need}")
        if need and not memory.writable and _is_written(how[name], first):
            raise TypeError(f"{title}: {name} leads to read-only memory, and the kernel writes there")


def _is_written(verb: str, first: object) -> bool:
    if verb != "splices":
        return verb == "writes"
    # Which end of the pipe it is says whether the kernel writes.
    fcntl = getattr(lib, "call_fcntl", None) or getattr(lib, "call_fcntl64")  # noqa: B009  # generated
    mode = fcntl(first, _F_GETFL, 0) if isinstance(first, int) else 0
    return bool(mode >= 0 and mode & _O_ACCMODE != _O_WRONLY)


def _followed(
    owner: Owner, start: int, extent: int, how: Mapping[str, str], scale: int
) -> Iterator[tuple[str, int, int, Memory]]:
    """The pointers that lead to what Python gave: name, address, bytes needed there, memory."""
    kind = ffi.typeof(owner.cdata).item  # of one, or of those in an array
    size = ffi.sizeof(kind)
    pointers = _pointers(kind)
    for place, memory in list(owner._keep.items()):
        offset = place - start
        if not 0 <= offset < max(extent, size):
            continue
        for name, width, length, wide, unit in pointers.get(offset % size, ()):
            leads = _number(place, width)
            # It does not where the memory was changed behind the structure's back.
            if name not in how or not memory.has(leads):
                continue
            count = _number(place - offset % size + length, wide) if wide else 1
            need = count * unit * (scale if name == "aio_buf" else 1)
            yield name, leads, need, memory
            if memory.owner is not None:
                yield from _followed(memory.owner, leads, need, how, 1)


def lengths(kind: str) -> Iterator[tuple[str, str, int]]:
    """The pointers of a structure: name, the field that counts what is there ("" if none), bytes of one."""
    for entry in _LENGTHS.get(kind, "").split():
        name, _, length = entry.removesuffix("]").partition("[")
        length, _, unit = length.partition(":")
        size = int(unit) if unit.isdigit() else ffi.sizeof(f"struct {TAG}{unit}") if unit else 1
        yield name, length, size


def _pointers(ctype: Any) -> dict[int, list[tuple[str, int, int, int, int]]]:
    """The pointers in a structure whose length is known, by their offsets."""
    kind = ctype.cname.partition(TAG)[2]
    if kind not in _layouts:
        found: dict[int, list[tuple[str, int, int, int, int]]] = {}
        infos = dict(ctype.fields)
        for name, length, size in lengths(kind):
            info, beside = infos[name], infos[length or name]
            wide = ffi.sizeof(beside.type) if length else 0
            pointer = name, ffi.sizeof(info.type), beside.offset, wide, size
            found.setdefault(info.offset, []).append(pointer)
        for info in infos.values():
            if info.type.kind in ("struct", "union"):
                for offset, inner in _pointers(info.type).items():
                    moved = [
                        (name, width, info.offset + at, wide, size) for name, width, at, wide, size in inner
                    ]
                    found.setdefault(info.offset + offset, []).extend(moved)
        _layouts[kind] = found
    return _layouts[kind]


def _number(place: int, width: int) -> int:
    return int(ffi.cast(_NUMBERS[width], place)[0])
