"""Diagnoses of calls about memory and sizes: each cause is made, and then one that looks alike."""

from __future__ import annotations

import ctypes
import mmap
import os
import resource
import signal
from pathlib import Path

import pytest
from diagnosed import become, failed, private_mounts, proves, proves_nothing
from isolated import folder, in_child, need_root

from pysys import calls, diagnose
from pysys.diagnosis.failures import Verdict
from pysys.flags import (
    MAP_ANONYMOUS,
    MAP_FIXED,
    MAP_HUGETLB,
    MAP_LOCKED,
    MAP_NORESERVE,
    MAP_PRIVATE,
    MAP_SHARED,
    MCL_CURRENT,
    MNT_DETACH,
    MREMAP_MAYMOVE,
    MS_NOEXEC,
    PROT_EXEC,
    PROT_READ,
    PROT_WRITE,
    CloneFlags,
)

pytestmark = pytest.mark.isolated
BOTH = PROT_READ | PROT_WRITE
PRIVATE = MAP_PRIVATE | MAP_ANONYMOUS
PAGE = os.sysconf("SC_PAGESIZE")
MEBIBYTE = 1 << 20


def status(field: str) -> int:
    """A field of this process's status in bytes."""
    text = Path("/proc/self/status").read_text()
    return int(text.partition(f"{field}:")[2].split()[0]) * 1024


def mapped(size: int, protection: int = BOTH, how: int = PRIVATE) -> int:
    return calls.mmap(None, size, protection, how, -1, 0)


def test_address_space() -> None:
    """RLIMIT_AS, with figures; a mapping that it allows; one that RLIMIT_DATA forbids."""
    most = status("VmSize") + 64 * MEBIBYTE
    args = (None, 128 * MEBIBYTE, BOTH, PRIVATE, -1, 0)

    def look() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (most, resource.RLIM_INFINITY))
        proves(failed("mmap", *args), "RLIMIT_AS allows", "128 MiB more are too much")
        at = mapped(MEBIBYTE)
        proves(failed("mremap", at, MEBIBYTE, 129 * MEBIBYTE, MREMAP_MAYMOVE, None), "RLIMIT_AS")
        proves_nothing(diagnose("mmap", "ENOMEM", None, PAGE, BOTH, PRIVATE, -1, 0), "RLIMIT_AS allows it")
        fixed = diagnose("mmap", "ENOMEM", None, 128 * MEBIBYTE, BOTH, PRIVATE | MAP_FIXED, -1, 0)
        assert not fixed.proven  # it may replace another one

    in_child(os.fork, look)
    proves_nothing(diagnose("mmap", "ENOMEM", *args), "RLIMIT_AS is not limited")


def test_data() -> None:
    """RLIMIT_DATA, which counts private writable memory alone."""
    most = status("VmData") + 16 * MEBIBYTE

    def look() -> None:
        resource.setrlimit(resource.RLIMIT_DATA, (most, resource.RLIM_INFINITY))
        proves(failed("mmap", None, 64 * MEBIBYTE, BOTH, PRIVATE, -1, 0), "RLIMIT_DATA")
        mapped(64 * MEBIBYTE, PROT_READ)
        mapped(64 * MEBIBYTE, BOTH, MAP_SHARED | MAP_ANONYMOUS)
        shared = (None, 64 * MEBIBYTE, BOTH, MAP_SHARED | MAP_ANONYMOUS, -1, 0)
        assert not diagnose("mmap", "ENOMEM", *shared).proven
        assert not diagnose("mmap", "ENOMEM", None, 64 * MEBIBYTE, PROT_READ, PRIVATE, -1, 0).proven

    in_child(os.fork, look)


def test_more_than_there_is() -> None:
    """More at once than memory and swap, where the kernel guesses; without a reservation."""
    mode = Path("/proc/sys/vm/overcommit_memory").read_text().strip()
    if mode != "0" or PAGE * os.sysconf("SC_PHYS_PAGES") > 1 << 40 or ctypes.sizeof(ctypes.c_void_p) < 8:
        pytest.skip("another policy of overcommitment, or too much memory")
    args = (None, 1 << 42, BOTH)
    proves(failed("mmap", *args, PRIVATE, -1, 0), "memory and swap together")
    assert not diagnose("mmap", "ENOMEM", *args, PRIVATE | MAP_NORESERVE, -1, 0).proven
    proves_nothing(
        diagnose("mmap", "ENOMEM", None, MEBIBYTE, BOTH, PRIVATE, -1, 0), "not more than this machine"
    )


@pytest.mark.thorough
def test_as_many_mappings() -> None:
    """vm.max_map_count, with the number of mappings; also in a process that can map nothing any more."""
    most = int(Path("/proc/sys/vm/max_map_count").read_text())
    if most > 100_000:
        pytest.skip(f"vm.max_map_count is {most}")
    proves_nothing(diagnose("mprotect", "ENOMEM", 0, PAGE, PROT_READ), "may have more mappings")
    start = mapped(2 * most * PAGE)

    def look() -> None:
        protect = calls.mprotect
        try:
            for at in range(start, start + 2 * most * PAGE, 2 * PAGE):
                protect(at, PAGE, PROT_READ)
        except OSError:
            proves(diagnose("mprotect", "ENOMEM", at, PAGE, PROT_READ), "as many mappings as it may")
        else:
            raise AssertionError("every page was protected")

    in_child(os.fork, look)


def test_huge_pages() -> None:
    """Huge pages that there are not."""
    if not Path("/proc/sys/vm/nr_hugepages").exists():
        pytest.skip("this kernel has no huge pages")
    try:
        free = int(Path("/proc/sys/vm/nr_hugepages").read_text())
    except OSError as error:  # this processor has none
        pytest.skip(f"nr_hugepages: {error}")
    size = (free + 1) * next(
        int(line.split()[1]) * 1024
        for line in Path("/proc/meminfo").read_text().splitlines()
        if line.startswith("Hugepagesize")
    )
    if int(Path("/proc/sys/vm/nr_overcommit_hugepages").read_text()):
        pytest.skip("the kernel makes huge pages when they are asked for")
    proves(failed("mmap", None, size, BOTH, PRIVATE | MAP_HUGETLB, -1, 0), "not as many free huge pages")
    assert not diagnose("mmap", "ENOMEM", None, size, BOTH, PRIVATE, -1, 0).proven


def test_locked_memory() -> None:
    """RLIMIT_MEMLOCK, 0 and small, with the capability and without; a range that is not mapped."""
    need_root()
    at = mapped(8 * PAGE)
    calls.munmap(at + 4 * PAGE, PAGE)
    proves(failed("mlock", at, 8 * PAGE), f"nothing mapped at {at + 4 * PAGE:#x}")
    calls.munlockall()
    proves_nothing(diagnose("mlock", "ENOMEM", at, PAGE), "All of the range is mapped")

    def look(most: int) -> None:
        resource.setrlimit(resource.RLIMIT_MEMLOCK, (most, most))
        calls.mlock(at, PAGE)
        calls.munlock(at, PAGE)
        become()
        locked = (None, 4 * PAGE, BOTH, PRIVATE | MAP_LOCKED, -1, 0)
        if most:
            proves(failed("mlock", at, 4 * PAGE), "RLIMIT_MEMLOCK allows", str(4 * PAGE))
            proves(failed("mmap", *locked), "RLIMIT_MEMLOCK allows")
            proves(failed("mlockall", MCL_CURRENT), "RLIMIT_MEMLOCK allows")
            proves_nothing(diagnose("mlock", "ENOMEM", at, PAGE), "RLIMIT_MEMLOCK allows it")
            calls.mlock(at, PAGE)
            found = diagnose("mlock", "ENOMEM", at, 2 * PAGE)  # a part counts already
            assert found[0].verdict is Verdict.FITS and not found.proven
        else:
            proves(failed("mlock", at, PAGE), "RLIMIT_MEMLOCK is 0")
            proves(failed("mmap", *locked), "RLIMIT_MEMLOCK is 0")

    in_child(os.fork, lambda: look(2 * PAGE))
    in_child(os.fork, lambda: look(0))
    proves_nothing(diagnose("mlock", "EPERM", at, PAGE), "CAP_IPC_LOCK is there")


def test_files_in_memory() -> None:
    """How the file was opened, on what mount; arguments that make no mapping."""
    with folder() as place:
        (place / "file").write_bytes(bytes(PAGE))
        with open(place / "file", "rb") as reader, open(place / "file", "ab") as writer:
            args = (None, PAGE, BOTH, MAP_SHARED)
            proves(failed("mmap", *args, reader, 0), "for reading alone")
            proves(failed("mmap", None, PAGE, PROT_READ, MAP_PRIVATE, writer, 0), "for writing alone")
            proves_nothing(diagnose("mmap", "EACCES", None, PAGE, BOTH, MAP_PRIVATE, reader, 0))
            proves(failed("mmap", None, PAGE, PROT_READ, MAP_PRIVATE, reader, 1), "not a multiple")
            proves(failed("mmap", None, 0, PROT_READ, MAP_PRIVATE, reader, 0), "0 bytes")
            proves(failed("mmap", None, PAGE, PROT_READ, 0, reader, 0), "neither MAP_SHARED")
            found = diagnose("mmap", "EPERM", None, PAGE, PROT_READ | PROT_EXEC, MAP_PRIVATE, reader, 0)
            proves_nothing(found, "does not have the option noexec")

        def look() -> None:
            private_mounts()
            calls.mount("none", str(place), "tmpfs", MS_NOEXEC, None)
            with open(place / "file", "w+b") as file:
                file.write(bytes(PAGE))
                file.flush()
                args = (None, PAGE, PROT_READ | PROT_EXEC, MAP_PRIVATE, file, 0)
                proves(failed("mmap", *args), "noexec")

        if os.geteuid() == 0:
            in_child(os.fork, look)


def test_low_addresses() -> None:
    """An address below the least one."""
    need_root()
    if int(Path("/proc/sys/vm/mmap_min_addr").read_text()) <= PAGE:
        pytest.skip("any address may be mapped")

    def look() -> None:
        become()
        args = (PAGE, PAGE, BOTH, PRIVATE | MAP_FIXED, -1, 0)
        proves(failed("mmap", *args), "vm.mmap_min_addr")
        proves_nothing(diagnose("mmap", "EPERM", 1 << 30, *args[1:]), "not below")

    in_child(os.fork, look)


def test_seals() -> None:
    """Seals against writing, growing and shrinking; a file without them."""
    fd = os.memfd_create("scratch", os.MFD_ALLOW_SEALING)
    os.write(fd, b"text")
    proves_nothing(diagnose("ftruncate", "EPERM", fd, 0), "No seal")
    calls.fcntl(fd, 1033, 0x2)  # F_ADD_SEALS, F_SEAL_SHRINK
    proves(failed("ftruncate", fd, 0), "sealed against shrinking")
    proves_nothing(diagnose("ftruncate", "EPERM", fd, 10))
    calls.fcntl(fd, 1033, 0x4)  # F_SEAL_GROW
    proves(failed("ftruncate", fd, 10), "sealed against growing")
    proves(failed("fallocate", fd, 0, 0, 10), "sealed against growing")
    proves(failed("write", fd, b"more", 4), "sealed against growing")
    os.lseek(fd, 0, os.SEEK_SET)
    proves_nothing(diagnose("write", "EPERM", fd, b"more", 4))
    calls.fcntl(fd, 1033, 0x8)  # F_SEAL_WRITE
    proves(failed("write", fd, b"more", 4), "sealed against writing")
    proves(failed("mmap", None, 4, BOTH, MAP_SHARED, fd, 0), "sealed against writing")
    proves_nothing(diagnose("mmap", "EPERM", None, 4, PROT_READ, MAP_PRIVATE, fd, 0))


def test_executable_memory() -> None:
    """vm.memfd_noexec of a pid namespace of its own, 2 and 0."""
    need_root()
    setting = Path("/proc/sys/vm/memfd_noexec")
    if not setting.exists():
        pytest.skip("this kernel does not have vm.memfd_noexec")

    def look() -> None:
        proves_nothing(diagnose("memfd_create", "EACCES", "x", 0x10), "vm.memfd_noexec allows it")
        setting.write_text("2")
        proves(failed("memfd_create", "x", 0x10), "must have MFD_NOEXEC_SEAL")
        os.close(calls.memfd_create("x", 8))
        assert not diagnose("memfd_create", "EACCES", "x", 8).proven

    calls.unshare(CloneFlags.CLONE_NEWPID)
    in_child(os.fork, look)


def test_sizes() -> None:
    """RLIMIT_FSIZE; a position that it allows; none at all."""
    with folder() as place, open(place / "file", "w+b", buffering=0) as file:
        proves_nothing(diagnose("write", "EFBIG", file, b"x", 1), "RLIMIT_FSIZE is not limited")
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, resource.RLIM_INFINITY))
        proves(failed("ftruncate", file, 101), "101 bytes", "allows 100")
        proves_nothing(diagnose("ftruncate", "EFBIG", file, 100))
        proves(failed("fallocate", file, 0, 90, 11), "101 bytes")
        proves(failed("pwrite64", file, b"x", 1, 100), "allows 100")
        proves_nothing(diagnose("write", "EFBIG", file, b"x", 1))
        file.write(bytes(100))
        proves(failed("write", file, b"x", 1), "allows 100")


def test_full() -> None:
    """A file system that is full, seen from a descriptor, and one that is not."""
    private_mounts()
    with folder() as place:
        calls.mount("none", str(place), "tmpfs", 0, "size=64k")
        with open(place / "file", "wb", buffering=0) as file:
            proves_nothing(diagnose("write", "ENOSPC", file, b"x", 1), "is not full now")
            os.write(file.fileno(), bytes(1 << 16))
            proves(failed("write", file, b"x", 1), "is full")
            os.ftruncate(file.fileno(), 0)
            proves_nothing(diagnose("write", "ENOSPC", file, b"x", 1), "is not full now")
        calls.umount2(str(place), MNT_DETACH)


def test_no_memory_for_the_diagnosis() -> None:
    """In a process that may not map anything the answer is still a diagnosis."""

    def look() -> None:
        diagnose("mmap", "ENOMEM", None, PAGE, BOTH, PRIVATE, -1, 0)
        resource.setrlimit(resource.RLIMIT_AS, (0, resource.RLIM_INFINITY))
        held = []
        try:
            while True:
                held.append(mmap.mmap(-1, PAGE))
        except OSError:
            pass
        proves(diagnose("mmap", "ENOMEM", None, PAGE, BOTH, PRIVATE, -1, 0), "RLIMIT_AS")

    in_child(os.fork, look)
