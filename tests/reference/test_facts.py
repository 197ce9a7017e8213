"""The facts that pages of the reference are made from."""

from __future__ import annotations

import re

import pytest

from pysys import errors
from pysys.metadata import load
from pysys.tables import documented, errnos, optional, related

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


def test_what_a_manual_documents_is_an_errno() -> None:
    for name, text in documented.DOCUMENTED.items():
        for symbol in text.split():
            assert symbol in errnos.ERRNOS["generic"], (name, symbol)
            assert issubclass(getattr(errors, symbol), OSError), (name, symbol)


def test_errnos_of_pages_that_the_manual_divides() -> None:
    assert {"EAGAIN", "ETIMEDOUT", "EINTR", "EDEADLK"} <= set(load.documented("futex"))
    assert set(load.documented("FUTEX_WAIT")) < set(load.documented("futex"))
    assert {*load.documented("openat"), "EAGAIN", "EXDEV", "E2BIG"} <= set(load.documented("openat2"))
    assert "EDEADLK" in load.documented("fcntl")  # F_SETLK
    assert "ENOKEY" in load.documented("keyctl")
    assert "EPOLLEXCLUSIVE" not in load.documented("epoll_ctl")
    assert "EOPNOTSUPP" in load.documented("setxattr")


def test_what_is_referred_to_is_there() -> None:
    known = {*load.names()}
    for name, text in related.RELATED.items():
        for word in text.split():
            other, section = word.removesuffix(")").split("(")
            if section == "2":
                assert other in known, (name, word)
            elif section == "2type":
                assert other not in known, (name, word)
            assert name != other or section not in ("2", "2type"), (name, word)
    assert "open_how(2type)" in load.see_also("openat2")
    assert "prctl(2)" not in load.see_also("prctl")
    assert "futex(2)" in load.see_also("futex_waitv")
