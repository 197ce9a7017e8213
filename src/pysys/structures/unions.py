"""Which of the fields that share their bytes hold, for the representation of a structure.

A line of a structure is `field values: names`: while the field has one of the values, these names hold. Of
`field & mask values` only some bits are looked at. The names of a line without a field hold where no other
line has one for these bytes. `name.member` is a member of the union that a field is. What shares no bytes
with a name that holds is shown, too. siginfo, whose fields depend on code and signal, is in signals.py.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

# Of a union of which its own bytes do not say what it is.
AS_BYTES = "bytes"

UNIONS = {
    "bpf_attr": AS_BYTES,  # the command says
    # attach_type is an enum bpf_attach_type.
    "bpf_attr_link_create": """
        attach_type 37 46 47 54 55: target_ifindex
        attach_type 44: map_fd
        attach_type 28: iter_info iter_info_len
        attach_type 24 25 26 27 58: tracing
        attach_type 41: perf_event
        attach_type 42 56: kprobe_multi
        attach_type 45: netfilter
        attach_type 46 47: tcx
        attach_type 48 57: uprobe_multi
        attach_type 54 55: netkit
        attach_type 59 60 61: tracing_multi
        : prog_fd target_fd cgroup""",
    "bpf_attr_link_update": ": new_prog_fd old_prog_fd",
    "bpf_attr_query": """
        attach_type 46 47 54 55: target_ifindex
        : target_fd prog_cnt""",
    "ifconf": ": ifc_buf",
    "ifreq": ": ifr_ifindex ifr_addr",  # the request says: they are a number, and an address
    "io_uring_restriction": """
        opcode 0: register_op
        opcode 1: sqe_op
        opcode 2 3: sqe_flags""",
    # opcode is an enum io_uring_op; the functions of io_uring/*.c that prepare a request read these.
    "io_uring_sqe": """
        flags & 0x20 0x20: buf_group
        opcode 31 32: buf_group
        opcode 12 13 16 21 26 28 35 38 39 41 42 43 44 47 50 51 52 56: addr2
        opcode 46 64: cmd_op uring_cmd_flags
        opcode 30 33: splice_off_in splice_flags splice_fd_in
        opcode 26 47: addr_len
        opcode 9 10 26 27 47 48 58: msg_flags
        opcode 10 27: optlen
        opcode 0 63: nop_flags
        opcode 3: fsync_flags
        opcode 6 7: poll32_events
        opcode 8: sync_range_flags
        opcode 11 12 15: timeout_flags
        opcode 13: accept_flags
        opcode 14: cancel_flags
        opcode 18: open_flags
        opcode 21: statx_flags
        opcode 24 25: fadvise_advice
        opcode 35: rename_flags
        opcode 36: unlink_flags
        opcode 39: hardlink_flags
        opcode 40: msg_ring_flags
        opcode 41 42 43 44: xattr_flags
        opcode 50: waitid_flags
        opcode 51 52 53: futex_flags
        opcode 54: install_fd_flags
        opcode 58: zcrx_ifq_idx
        opcode 62: pipe_flags
        : off addr rw_flags buf_index file_index addr3""",
    "keyctl_dh_params": ": private",
    "mnt_id_req": """
        mnt_id 0: mnt_fd
        : mnt_ns_fd""",
    "perf_event_attr": """
        type 5: bp_addr bp_len
        freq 1: sample_freq
        watermark 1: wakeup_watermark
        : sample_period wakeup_events config1 config2""",
    "ptrace_syscall_info": """
        op 2: exit
        op 3: seccomp
        : entry""",
    "rseq_slice_ctrl": ": request granted",
    "sigevent": """
        sigev_notify 2: sigev_notify_function
        : sigev_notify_thread_id""",
    "uffd_msg": """
        event 0x12: arg.pagefault
        event 0x13: arg.fork
        event 0x14: arg.remap
        event 0x15 0x16: arg.remove""",
}


def fields_shown(structure: Any, text: str) -> list[str]:
    """The fields that the representation has. text: the lines of the structure."""
    chosen: list[str] = []
    usual: list[str] = []
    for line in text.split("\n"):
        condition, _, names = line.partition(":")
        field, *values = condition.replace(" & ", "&").split() or [""]
        field, _, mask = field.partition("&")
        if not field:
            usual += names.split()
        elif getattr(structure, field) & int(mask or "-1", 0) in {int(value, 0) for value in values}:
            chosen += names.split()
    fields = structure._fields
    chosen += [name for name in usual if not _shares(fields, name, chosen)]
    dotted = {name.partition(".")[0]: name for name in chosen}
    return [dotted.get(name, name) for name in fields if name in dotted or not _shares(fields, name, chosen)]


def _shares(fields: Mapping[str, Any], name: str, others: list[str]) -> bool:
    """Whether a field has bytes of others. Bits of one word have none in common."""
    one = fields[name.partition(".")[0]][0]
    if ":" in one.ctype:
        return False
    for other in others:
        two = fields[other.partition(".")[0]][0]
        if one.offset < two.offset + two.nbytes and two.offset < one.offset + one.nbytes:
            return True
    return False
