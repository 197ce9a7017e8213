"""The facts that pages of the reference are made from."""

from __future__ import annotations

import re

import pytest

from pysys.metadata import load
from pysys.tables import optional

# From the kernel's Kconfig texts.
SYMBOLS = {
    "epoll_ctl": ("CONFIG_EPOLL",),
    "bpf": ("CONFIG_BPF_SYSCALL",),
    "accept": ("CONFIG_NET",),
    "process_vm_readv": ("CONFIG_CROSS_MEMORY_ATTACH",),
    "membarrier": ("CONFIG_MEMBARRIER",),
    "landlock_add_rule": ("CONFIG_SECURITY_LANDLOCK",),
    "mq_open": ("CONFIG_POSIX_MQUEUE",),
    "setuid": ("CONFIG_MULTIUSER",),
    "map_shadow_stack": ("CONFIG_ARM64_GCS or CONFIG_RISCV_USER_CFI or CONFIG_X86_USER_SHADOW_STACK",),
    # In every kernel, although its list of calls that may be missing has them.
    "execveat": (),
    "copy_file_range": (),
    "openat": (),
    # Not a call.
    "no_such_call": (),
}


@pytest.mark.parametrize("name", SYMBOLS)
def test_what_a_call_needs_of_the_configuration(name: str) -> None:
    assert load.config(name) == SYMBOLS[name]
    assert load.optional(name) is bool(SYMBOLS[name])


def test_the_symbols_are_symbols() -> None:
    for name, text in optional.OPTIONAL.items():
        assert re.fullmatch(r"[A-Z][A-Z0-9_]*(?:[ |][A-Z][A-Z0-9_]*)*", text), name
