"""The commands of bpf, by hand: which fields of its union each of them reads, and what it answers.

`number NAME: fields`, of the union itself; `number NAME: part.*`, all of a part that has a name. `-> field`
is where the kernel writes its answer, or where a pointer to it is; `-> part`, that it answers there. Without
either the answer is the call's result.
"""

from __future__ import annotations

_COMMANDS = """
0 BPF_MAP_CREATE: map_type key_size value_size max_entries map_flags inner_map_fd numa_node map_name
    map_ifindex btf_fd btf_key_type_id btf_value_type_id btf_vmlinux_value_type_id map_extra
    value_type_btf_obj_fd map_token_fd excl_prog_hash excl_prog_hash_size
1 BPF_MAP_LOOKUP_ELEM: map_fd key value flags -> value
2 BPF_MAP_UPDATE_ELEM: map_fd key value flags
3 BPF_MAP_DELETE_ELEM: map_fd key
4 BPF_MAP_GET_NEXT_KEY: map_fd key next_key -> next_key
5 BPF_PROG_LOAD: prog_type insn_cnt insns license log_level log_size log_buf kern_version prog_flags
    prog_name prog_ifindex expected_attach_type prog_btf_fd func_info_rec_size func_info func_info_cnt
    line_info_rec_size line_info line_info_cnt attach_btf_id attach_prog_fd attach_btf_obj_fd core_relo_cnt
    fd_array core_relos core_relo_rec_size log_true_size prog_token_fd fd_array_cnt signature signature_size
    keyring_id
6 BPF_OBJ_PIN: pathname bpf_fd file_flags path_fd
7 BPF_OBJ_GET: pathname file_flags path_fd
8 BPF_PROG_ATTACH: target_fd target_ifindex attach_bpf_fd attach_type attach_flags replace_bpf_fd relative_fd
    relative_id expected_revision
9 BPF_PROG_DETACH: target_fd target_ifindex attach_bpf_fd attach_type attach_flags replace_bpf_fd relative_fd
    relative_id expected_revision
10 BPF_PROG_TEST_RUN: test.* -> test
11 BPF_PROG_GET_NEXT_ID: start_id -> next_id
12 BPF_MAP_GET_NEXT_ID: start_id -> next_id
13 BPF_PROG_GET_FD_BY_ID: prog_id
14 BPF_MAP_GET_FD_BY_ID: map_id open_flags
15 BPF_OBJ_GET_INFO_BY_FD: info.*
16 BPF_PROG_QUERY: query.* -> query
17 BPF_RAW_TRACEPOINT_OPEN: raw_tracepoint.*
18 BPF_BTF_LOAD: btf btf_log_buf btf_size btf_log_size btf_log_level btf_log_true_size btf_flags btf_token_fd
19 BPF_BTF_GET_FD_BY_ID: btf_id open_flags fd_by_id_token_fd
20 BPF_TASK_FD_QUERY: task_fd_query.* -> task_fd_query
21 BPF_MAP_LOOKUP_AND_DELETE_ELEM: map_fd key value flags -> value
22 BPF_MAP_FREEZE: map_fd
23 BPF_BTF_GET_NEXT_ID: start_id -> next_id
24 BPF_MAP_LOOKUP_BATCH: batch.* -> batch
25 BPF_MAP_LOOKUP_AND_DELETE_BATCH: batch.* -> batch
26 BPF_MAP_UPDATE_BATCH: batch.* -> batch
27 BPF_MAP_DELETE_BATCH: batch.* -> batch
28 BPF_LINK_CREATE: link_create.*
29 BPF_LINK_UPDATE: link_update.*
30 BPF_LINK_GET_FD_BY_ID: link_id
31 BPF_LINK_GET_NEXT_ID: start_id -> next_id
32 BPF_ENABLE_STATS: enable_stats.*
33 BPF_ITER_CREATE: iter_create.*
34 BPF_LINK_DETACH: link_detach.*
35 BPF_PROG_BIND_MAP: prog_bind_map.*
36 BPF_TOKEN_CREATE: token_create.*
37 BPF_PROG_STREAM_READ_BY_FD: prog_stream_read.*
38 BPF_PROG_ASSOC_STRUCT_OPS: prog_assoc_struct_ops.*
"""


class Command:
    """A command.

    name: the kernel's. part: the named part of the union that it reads, or "". fields: what it reads, () for
    all of the part. answer: where its answer is, or "".
    """

    __slots__ = ("answer", "fields", "name", "part")

    def __init__(self, name: str, part: str, fields: tuple[str, ...], answer: str) -> None:
        self.name: str = name
        self.part: str = part
        self.fields: tuple[str, ...] = fields
        self.answer: str = answer


def commands() -> dict[int, Command]:
    """Every command, by its number."""
    if not _known:
        for line in _COMMANDS.strip().replace("\n    ", " ").splitlines():
            head, _, items = line.partition(": ")
            number, _, name = head.partition(" ")
            items, _, answer = items.partition(" -> ")
            part, dot, _ = items.partition(".*")
            fields = () if dot else tuple(items.split())
            _known[int(number)] = Command(name, part if dot else "", fields, answer)
    return _known


_known: dict[int, Command] = {}
