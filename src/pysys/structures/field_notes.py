"""What C does not say of the fields: which numbers are addresses, which are big-endian, what the bits are."""

from __future__ import annotations

# Names that the kernel has, besides the one that the class has.
ALIASES = {
    "dirent": "linux_dirent",
    "dirent64": "linux_dirent64",
    "stack_t": "stack",
    "sigset_t": "sigset",
    "siginfo_t": "siginfo",
}

# Integer fields that hold an address: they also take what is to be pointed to, and keep it alive. All
# pointers do, too.
ADDRESSES = {
    "clone_args": "pidfd child_tid parent_tid stack set_tid",
    "futex_waitv": "uaddr",
    "xattr_args": "value",
    "iocb": "aio_buf",
    "io_uring_sqe": "addr addr2 addr3 optval attr_ptr",
    "io_uring_files_update": "fds",
    "io_uring_region_desc": "user_addr",
    "io_uring_mem_region_reg": "region_uptr",
    "io_uring_rsrc_register": "data tags",
    "io_uring_rsrc_update": "data",
    "io_uring_rsrc_update2": "data tags",
    "io_uring_buf": "addr",
    "io_uring_buf_reg": "ring_addr",
    "io_uring_reg_wait": "sigmask",
    "io_uring_getevents_arg": "sigmask ts",
    "io_uring_sync_cancel_reg": "addr",
    "io_sqring_offsets": "user_addr",
    "io_cqring_offsets": "user_addr",
    "perf_event_attr": "kprobe_func uprobe_path bp_addr",
    "bpf_attr": "key value next_key insns license log_buf func_info line_info fd_array core_relos signature"
    " pathname btf btf_log_buf excl_prog_hash",
    "bpf_attr_batch": "in_batch out_batch keys values",
    "bpf_attr_test": "data_in data_out ctx_in ctx_out",
    "bpf_attr_info": "info",
    "bpf_attr_query": "prog_ids prog_attach_flags link_ids link_attach_flags",
    "bpf_attr_raw_tracepoint": "name",
    "bpf_attr_task_fd_query": "buf",
    "bpf_attr_link_create": "iter_info",
    "bpf_attr_link_create_kprobe_multi": "syms addrs cookies",
    "bpf_attr_link_create_uprobe_multi": "path offsets ref_ctr_offsets cookies",
    "bpf_attr_link_create_tracing_multi": "ids cookies",
    "bpf_attr_prog_stream_read": "stream_buf",
    "bpf_common_attr": "log_buf",
    "bpf_prog_info": "jited_prog_insns xlated_prog_insns map_ids jited_ksyms jited_func_lens func_info"
    " line_info jited_line_info prog_tags",
    "bpf_map_info": "hash",
    "bpf_btf_info": "btf name",
    "rseq": "rseq_cs",
    "rseq_cs": "start_ip abort_ip",
    "uffdio_range": "start",
    "uffdio_copy": "dst src",
    "uffdio_move": "dst src",
    "ptrace_sud_config": "selector",
    "prctl_mm_map": "auxv",
    "pm_scan_arg": "vec",
    "procmap_query": "vma_name_addr build_id_addr",
}

# Numbers that are big-endian in memory. Python sees and takes them as numbers.
NETWORK = {
    "sockaddr_in": "sin_port",
    "sockaddr_in6": "sin6_port sin6_flowinfo",
    "sockaddr_ll": "sll_protocol",
    "tun_pi": "proto",
    "rtas_args": "token nargs nret",
}

# Words of bits: the field in C, and the names in it with their widths, in the order of declaration.
BITS = {
    "perf_event_attr": {
        "_bits": "disabled inherit pinned exclusive exclude_user exclude_kernel exclude_hv exclude_idle mmap"
        " comm freq inherit_stat enable_on_exec task watermark precise_ip:2 mmap_data sample_id_all"
        " exclude_host exclude_guest exclude_callchain_kernel exclude_callchain_user mmap2 comm_exec"
        " use_clockid context_switch write_backward namespaces ksymbol bpf_event aux_output cgroup text_poke"
        " build_id inherit_thread remove_on_exec sigtrap defer_callchain defer_output",
        "_aux_bits": "aux_start_paused aux_pause aux_resume",
    },
    "perf_event_mmap_page": {
        "_bits": "cap_bit0 cap_bit0_is_deprecated cap_user_rdpmc cap_user_time cap_user_time_zero"
        " cap_user_time_short",
    },
    "bpf_insn": {"_registers": "dst_reg:4 src_reg:4"},
    "bpf_prog_info": {"_bits": "gpl_compatible"},
    "tcp_info": {
        "_wscales": "tcpi_snd_wscale:4 tcpi_rcv_wscale:4",
        "_bits": "tcpi_delivery_rate_app_limited tcpi_fastopen_client_fail:2",
        "_ecn_bits": "tcpi_ecn_mode:2 tcpi_accecn_opt_seen:2 tcpi_accecn_fail_mode:4 tcpi_options2:24",
    },
    "user_desc": {
        "_flags": "seg_32bit contents:2 read_exec_only limit_in_pages seg_not_present useable lm",
    },
}


def listed(table: dict[str, str], name: str) -> tuple[str, ...]:
    """The fields that a table has of a structure."""
    return tuple(table.get(name, "").split())


def bits(name: str, widths: dict[str, int], big_endian: bool) -> dict[str, tuple[str, int, int]]:
    """Where the bits of a structure are: name to word, shift and width. widths: of the words, in bits."""
    found = {}
    for word, text in BITS.get(name, {}).items():
        place = 0
        for item in text.split():
            field, _, width = item.partition(":")
            count = int(width or 1)
            # The first declared is the lowest, or, on big-endian machines, the highest.
            found[field] = (word, widths[word] - place - count if big_endian else place, count)
            place += count
    return found
