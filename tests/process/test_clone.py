"""clone: requirements C, besides C1 in tests/process/test_fork.py."""

from __future__ import annotations

import array
import ctypes
import errno
import functools
import mmap
import os
import select
import signal
import struct
import subprocess
import sys
import threading
import time
import warnings
from pathlib import Path
from typing import Any

import pytest
from isolated import (
    WALL,
    children,
    filter_calls,
    in_child,
    need_root,
    nothing_left,
    open_descriptors,
    shared_memory,
    status_of,
    until,
)

pytestmark = pytest.mark.isolated
ROUNDS = int(os.environ.get("PYSYS_ROUNDS", "100"))
alone_and_with_threads = pytest.mark.parametrize("threads", [0, 2])


def test_C2_files_shared() -> None:
    """With CLONE_FILES what the child closes and opens is closed and open in the parent; without, not."""
    from pysys import CloneFlags, clone

    for flags, shared in ((CloneFlags.CLONE_FILES, True), (CloneFlags(0), False)):
        kept = os.memfd_create("kept")

        def close(kept: int = kept) -> None:
            os.close(kept)

        assert status_of(clone(flags, fn=close)) == 0
        if shared:
            with pytest.raises(OSError, match="Bad file descriptor"):
                os.fstat(kept)
        else:
            os.close(kept)


def test_C2_fs_shared() -> None:
    """With CLONE_FS the child's chdir and umask are the parent's; without, not."""
    from pysys import CloneFlags, clone

    def change() -> None:
        os.chdir("/proc")
        os.umask(0o123)

    os.umask(0o22)
    os.chdir("/")
    assert status_of(clone(fn=change)) == 0
    assert (os.getcwd(), os.umask(0o22)) == ("/", 0o22)
    assert status_of(clone(CloneFlags.CLONE_FS, fn=change)) == 0
    assert (os.getcwd(), os.umask(0o22)) == ("/proc", 0o123)


def test_C2_sighand_shared() -> None:
    """With CLONE_SIGHAND and CLONE_VM a disposition that the child sets is the parent's; without, not."""
    import native

    from pysys import CloneFlags, clone

    signal.signal(signal.SIGUSR1, signal.SIG_DFL)
    both = CloneFlags.CLONE_VM | CloneFlags.CLONE_VFORK

    def ignored() -> bool:
        line = next(x for x in Path("/proc/self/status").read_text().splitlines() if x.startswith("SigIgn"))
        return bool(int(line.split()[1], 16) >> (signal.SIGUSR1 - 1) & 1)

    fn = native.pointer("child_ignores_usr1")
    assert status_of(clone(both, fn=fn, stack=bytearray(65536))) == 0
    assert not ignored()
    assert status_of(clone(both | CloneFlags.CLONE_SIGHAND, fn=fn, stack=bytearray(65536))) == 0
    assert ignored()


@pytest.mark.parametrize("flag", ["CLONE_FS", "CLONE_FILES", "CLONE_IO", "CLONE_SYSVSEM", "CLONE_PARENT"])
def test_C2_sharing_is_refused_with_threads(flag: str) -> None:
    """In a process with threads what a middle process would share instead is refused, with the reason."""
    from creators import other_threads

    from pysys import CloneFlags, clone, errors

    with other_threads(1), nothing_left():
        with pytest.raises(errors.RefusedError, match=f"{flag}.*2 threads"):
            clone(CloneFlags[flag])
        with pytest.raises(errors.RefusedError, match="exit_signal=0"):
            clone(exit_signal=0)


def test_C2_a_hook_that_starts_a_thread() -> None:
    """Sharing is refused too where an at-fork hook has started a thread in the meantime."""
    from pysys import CloneFlags, clone, errors

    end = threading.Event()
    started: list[threading.Thread] = []

    def start() -> None:
        started.append(threading.Thread(target=end.wait))
        started[0].start()

    os.register_at_fork(before=start)
    with pytest.raises(errors.RefusedError, match="hook"):
        clone(CloneFlags.CLONE_FILES)
    end.set()
    started[0].join()
    assert not children()


def test_C3_parent() -> None:
    """With CLONE_PARENT the child is the caller's sibling."""
    from pysys import CloneFlags, clone, fork

    shared = shared_memory()
    top = os.getpid()
    middle = fork()
    if middle == 0:
        pid = clone(CloneFlags.CLONE_PARENT)
        if pid == 0:
            shared[:4] = os.getppid().to_bytes(4, "little")
            os._exit(6)
        shared[4:8] = pid.to_bytes(4, "little")
        os._exit(0)
    assert status_of(middle) == 0
    assert status_of(int.from_bytes(shared[4:8], "little")) == 6
    assert int.from_bytes(shared[:4], "little") == top


@alone_and_with_threads
def test_C3_parent_settid(threads: int) -> None:
    """CLONE_PARENT_SETTID stores the child's id in the parent's buffer."""
    from creators import other_threads

    from pysys import clone

    place = array.array("i", [0])
    with other_threads(threads):
        pid = clone(parent_tid=place, fn=lambda: None)
        assert place[0] == pid
        assert status_of(pid) == 0


def test_C3_parent_settid_where_no_memory_can_be_copied() -> None:
    """With threads the id is stored where the calls that copy memory carefully are filtered, too."""
    from creators import other_threads

    from pysys import clone, numbers

    place = array.array("i", [0])
    with other_threads(1):
        filter_calls([numbers.number("process_vm_writev"), numbers.number("pipe2")], errno.EPERM)
        pid = clone(parent_tid=place, fn=lambda: None)
        assert status_of(pid) == 0
    assert place[0] == pid


@alone_and_with_threads
def test_C3_child_settid_and_pidfd(threads: int) -> None:
    """A pidfd in the parent and the id in the child go together."""
    from creators import other_threads

    from pysys import clone

    place, inner = array.array("i", [-1]), array.array("i", [0])
    with other_threads(threads), nothing_left():
        pid = clone(pidfd=place, child_tid=inner, fn=lambda: inner[0] != os.getpid())
        assert status_of(pid) == 0
        assert "Pid:\t-1\n" in Path(f"/proc/self/fdinfo/{place[0]}").read_text()
        os.close(place[0])


@alone_and_with_threads
def test_C3_child_settid(threads: int) -> None:
    """CLONE_CHILD_SETTID stores the child's id in the child's copy of the buffer, and only there."""
    from creators import other_threads

    from pysys import clone

    place = array.array("i", [0])

    def check() -> int:
        return 0 if place[0] == os.getpid() == threading.get_native_id() else 1

    with other_threads(threads):
        assert status_of(clone(child_tid=place, fn=check)) == 0
    assert place[0] == 0


def test_C3_child_cleartid() -> None:
    """CLONE_CHILD_CLEARTID clears the word in shared memory, and wakes who waits, when the child ends."""
    import native

    from pysys import CloneFlags, clone

    place = array.array("i", [1])
    pid = clone(
        CloneFlags.CLONE_VM | CloneFlags.CLONE_CHILD_CLEARTID,
        fn=native.pointer("child_sleeps"),
        arg=native.ffi.cast("void *", 20000),
        stack=(stack := bytearray(65536)),
        child_tid=place,
    )
    assert status_of(pid) == 0
    assert place[0] == 0
    assert len(stack) == 65536


@pytest.mark.parametrize("way", ["fork-kernel", "vfork", "clone", "clone3"])
def test_C3_child_cleartid_then_fork(way: str) -> None:
    """A child whose word the kernel is to clear forks on: the word is left alone, the thread id is right."""
    import native
    from creators import WAYS

    from pysys import CloneFlags, clone

    place = array.array("i", [-5])

    def check() -> None:
        assert place[0] == -5
        assert native.lib.recursive_twice() == 0

    def child() -> None:
        in_child(WAYS[way], check)
        in_child(WAYS[way], lambda: in_child(WAYS[way], check))

    assert status_of(clone(CloneFlags.CLONE_CHILD_CLEARTID, child_tid=place, fn=child)) == 0


@alone_and_with_threads
def test_C3_child_cleartid_stays_registered(threads: int) -> None:
    """The word that the kernel is to clear is the caller's, not the C library's."""
    from creators import other_threads

    from pysys import CloneFlags, clone

    place = array.array("i", [0])
    libc = ctypes.CDLL(None)

    def check() -> None:
        found = ctypes.c_uint64()
        pr_get_tid_address = 40
        assert libc.prctl(pr_get_tid_address, ctypes.byref(found)) == 0
        assert place.buffer_info()[0] in (found.value, found.value >> 32)

    with other_threads(threads):
        assert status_of(clone(CloneFlags.CLONE_CHILD_CLEARTID, child_tid=place, fn=check)) == 0


@alone_and_with_threads
def test_C3_pidfd_leaves_the_child_no_descriptor(threads: int) -> None:
    """What carried the pidfd is closed in the child."""
    from creators import other_threads

    from pysys import clone

    place = array.array("i", [-1])
    with other_threads(threads):
        before = open_descriptors()

        def check() -> None:
            assert open_descriptors() == before

        assert status_of(clone(pidfd=place, fn=check)) == 0
        os.close(place[0])


def test_thread_id_where_set_tid_address_is_filtered() -> None:
    """A filter's answer to set_tid_address is not taken for the thread id."""
    import native

    from pysys import clone, numbers

    filter_calls([numbers.number("set_tid_address")], errno.EPERM)
    in_child(clone, lambda: native.lib.recursive_twice() and 1 / 0)


@alone_and_with_threads
def test_C3_pidfd(threads: int) -> None:
    """CLONE_PIDFD gives a close-on-exec descriptor of exactly this child, which poll reports at its end."""
    from creators import other_threads

    from pysys import clone

    place = array.array("i", [-1])
    release, hold = os.pipe()
    with other_threads(threads):
        pid = clone(pidfd=place, fn=lambda: 5 if os.read(release, 1) else 1)
        pidfd = place[0]
        assert not os.get_inheritable(pidfd)
        info = Path(f"/proc/self/fdinfo/{pidfd}").read_text()
        assert f"Pid:\t{pid}\n" in info
        assert select.select([pidfd], [], [], 0)[0] == []
        os.write(hold, b"x")
        assert select.select([pidfd], [], [], 10)[0] == [pidfd]
        result = os.waitid(os.P_PIDFD, pidfd, os.WEXITED)
        assert result is not None and (result.si_pid, result.si_status) == (pid, 5)
        for descriptor in (pidfd, release, hold):
            os.close(descriptor)


@alone_and_with_threads
def test_C3_pidfd_of_a_child_that_nobody_waits_for(threads: int) -> None:
    """With SIGCHLD ignored a child may be gone at once: the pidfd is there all the same."""
    from creators import other_threads

    from pysys import clone

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with other_threads(threads):
        for _ in range(50):
            place = array.array("i", [-1])
            pid = clone(pidfd=place, fn=lambda: None)
            assert pid > 0
            assert select.select([place[0]], [], [], 10)[0] == [place[0]]
            os.close(place[0])
    until(lambda: not children())


def _bad_pointers() -> dict[str, int]:
    """Addresses of 64 KiB where nothing is, and where nothing may be written; and one where two bytes may."""
    libc = ctypes.CDLL(None)
    libc.mmap.restype = ctypes.c_void_p
    libc.mmap.argtypes = (ctypes.c_void_p, ctypes.c_size_t, *[ctypes.c_int] * 3, ctypes.c_long)
    flags, prot_none = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, 0
    readable = libc.mmap(None, 1 << 16, mmap.PROT_READ, flags, -1, 0)
    gone = libc.mmap(None, 1 << 16, prot_none, flags, -1, 0)
    ends = libc.mmap(None, 1 << 16, mmap.PROT_READ | mmap.PROT_WRITE, flags, -1, 0)
    assert readable and gone and ends
    half = ends + (1 << 15)
    assert libc.mprotect(ctypes.c_void_p(half), 1 << 15, prot_none) == 0
    return {"near null": 64, "no access": gone, "read-only": readable, "ends": half - 2}


@pytest.mark.parametrize("call", ["clone", "clone3", "bytes"])
@pytest.mark.parametrize("filtered", [False, True])
@alone_and_with_threads
def test_C3_wrong_pointers(call: str, filtered: bool, threads: int) -> None:
    """A pointer that leads nowhere harms nobody: for an id the kernel ignores it, for a pidfd it is EFAULT;
    where the call that probes it is filtered, too."""
    import native
    from creators import other_threads

    from pysys import CloneArgs, CloneFlags, clone, clone3, errors, numbers

    def start(name: str, flag: int, address: int) -> int:
        pointer: dict[str, Any] = {name: native.ffi.cast("int *", address)}
        if call == "clone":
            return clone(fn=lambda: 3, **pointer)
        if call == "clone3" and name != "pidfd":
            return clone3(CloneArgs(**pointer), fn=lambda: 3)
        fields = {"pidfd": 0, "child_tid": 0, "parent_tid": 0, name: address}
        return clone3(struct.pack("=8Q", flag, *fields.values(), signal.SIGCHLD, 0, 0, 0), fn=lambda: 3)

    bad = _bad_pointers()
    with other_threads(threads):
        if filtered:
            filter_calls([numbers.number("process_vm_writev")], errno.EPERM)
        for address in bad.values():
            for name, flag in (
                ("parent_tid", CloneFlags.CLONE_PARENT_SETTID),
                ("child_tid", CloneFlags.CLONE_CHILD_SETTID),
            ):
                assert status_of(start(name, flag, address)) == 3
            with nothing_left(), pytest.raises(errors.EFAULT):
                start("pidfd", CloneFlags.CLONE_PIDFD, address)


@pytest.mark.parametrize("filtered", [False, True])
def test_C6_wrong_stack(filtered: bool) -> None:
    """A stack that is not there, or not writable, is EFAULT: the caller, who prepares it, lives on."""
    import native

    from pysys import CloneArgs, CloneFlags, clone3, errors, numbers

    bad, fn = _bad_pointers(), native.pointer("child_returns_7")
    if filtered:
        filter_calls([numbers.number("process_vm_writev")], errno.EPERM)
    for address in bad.values():
        with nothing_left(), pytest.raises(errors.EFAULT):
            clone3(CloneArgs(CloneFlags.CLONE_VM, stack=address, stack_size=1 << 15), fn=fn)
    stack = bytearray(65536)
    assert status_of(clone3(CloneArgs(CloneFlags.CLONE_VM, stack=stack), fn=fn)) == 7


@pytest.mark.parametrize("size", [0, 1, 64, 1023, 1024, 1025, 1087])
def test_C6_a_stack_that_is_too_small(size: int) -> None:
    """Less than a kilobyte besides what is put there is EINVAL, and nothing below it is written to."""
    import native

    from pysys import CloneFlags, clone, errors

    with mmap.mmap(-1, 2 * mmap.PAGESIZE) as memory:
        stack = memoryview(memory)[mmap.PAGESIZE : mmap.PAGESIZE + size]
        with nothing_left(), pytest.raises(errors.EINVAL):
            clone(
                CloneFlags.CLONE_VM | CloneFlags.CLONE_VFORK,
                fn=native.pointer("child_returns_7"),
                stack=stack,
            )
        stack.release()
        assert bytes(memory) == bytes(len(memory))


@pytest.mark.parametrize("name", ["parent_tid", "child_tid", "pidfd"])
def test_C7_pointers_to_arrays_are_measured(name: str) -> None:
    """A C array that is too short for an int is refused by name; one that is long enough is taken."""
    import native

    from pysys import clone

    def arguments(kind: str) -> dict[str, Any]:
        return {name: native.ffi.new(kind)}

    with nothing_left(), pytest.raises(ValueError, match=f"^clone: {name} is 3 bytes long, but .* 4$"):
        clone(fn=lambda: None, **arguments("char[3]"))
    for array_type in ("char[4]", "int[1]", "unsigned long[2]"):
        place = arguments(array_type)
        assert status_of(clone(fn=lambda: None, **place)) == 0
        if name == "pidfd":
            os.close(int.from_bytes(native.ffi.buffer(place[name])[:4], sys.byteorder))


def test_C3_pidfd_that_cannot_be_received() -> None:
    """A pidfd that does not get through, in a process with threads, is the call's error; no child is left."""
    import socket

    from creators import other_threads

    from pysys import clone, errors, numbers

    place = array.array("i", [-1])
    reader, writer = os.pipe()
    left, right = socket.socketpair()
    with left, right, other_threads(1):
        filter_calls([numbers.number("recvmsg"), numbers.number("pidfd_open")], errno.EMFILE)
        right.send(b"x")
        try:
            left.recvmsg(1)
        except OSError:
            pass
        else:
            pytest.skip("this C library receives by another call")
        with nothing_left(), pytest.raises(errors.EMFILE):
            clone(pidfd=place, fn=lambda: None if os.read(reader, 1) else 1)
    assert place[0] == -1
    os.close(writer)


@pytest.mark.parametrize("call", ["clone", "clone3"])
def test_C3_pidfd_that_cannot_be_sent(call: str) -> None:
    """Where the middle process of a process with threads may not send the descriptor, another is opened."""
    from creators import other_threads

    from pysys import CloneArgs, clone, clone3, numbers

    place, args = array.array("i", [-1]), CloneArgs(pidfd=True)
    release, hold = os.pipe()

    def fn() -> int:
        return os.read(release, 1)[0]

    with other_threads(1), nothing_left():
        filter_calls([numbers.number("sendmsg")], errno.EPERM)
        if call == "clone":
            pid = clone(pidfd=place, fn=fn)
            pidfd = place[0]
        else:
            pid = clone3(args, fn=fn)
            pidfd = args.pidfd
        assert f"Pid:\t{pid}\n" in Path(f"/proc/self/fdinfo/{pidfd}").read_text()
        assert not os.get_inheritable(pidfd)
        os.write(hold, b"\x05")
        assert status_of(pid) == 5
        os.close(pidfd)


@alone_and_with_threads
def test_C4_vfork(threads: int) -> None:
    """CLONE_VFORK suspends the parent until the child has ended."""
    from creators import other_threads

    from pysys import CloneFlags, clone

    shared = shared_memory()

    def late() -> None:
        time.sleep(0.05)
        shared[0] = 1

    with other_threads(threads):
        pid = clone(CloneFlags.CLONE_VFORK, fn=late)
        assert shared[0] == 1
        assert status_of(pid) == 0


NAMESPACES = {
    "CLONE_NEWUSER": "user",
    "CLONE_NEWPID": "pid_for_children",
    "CLONE_NEWNS": "mnt",
    "CLONE_NEWNET": "net",
    "CLONE_NEWUTS": "uts",
    "CLONE_NEWIPC": "ipc",
    "CLONE_NEWCGROUP": "cgroup",
}


@pytest.mark.parametrize("flag", NAMESPACES)
@alone_and_with_threads
def test_C5_namespaces(flag: str, threads: int) -> None:
    """The child is in a namespace of its own, and every other one is the parent's."""
    from creators import other_threads

    from pysys import CloneFlags, clone

    if flag != "CLONE_NEWUSER":
        need_root()
    reader, writer = os.pipe()
    with other_threads(threads):
        pid = clone(CloneFlags[flag], fn=lambda: None if os.read(reader, 1) else 1)
        own = {name: os.readlink(f"/proc/{pid}/ns/{name}") for name in NAMESPACES.values()}
        mine = {name: os.readlink(f"/proc/self/ns/{name}") for name in NAMESPACES.values()}
        os.write(writer, b"x")
        assert status_of(pid) == 0
    assert {name for name in own if own[name] != mine[name]} == {NAMESPACES[flag]}


@alone_and_with_threads
def test_C5_first_of_a_pid_namespace(threads: int) -> None:
    """In a pid namespace of its own the child is process 1, its parent is not seen, and it can fork on."""
    from creators import other_threads

    from pysys import CloneFlags, clone, fork

    need_root()

    def check() -> int:
        assert (os.getpid(), os.getppid(), threading.get_native_id()) == (1, 0, 1)
        pid = fork(entry="kernel")
        if pid == 0:
            os._exit(0 if (os.getpid(), os.getppid()) == (2, 1) else 1)
        return status_of(pid)

    with other_threads(threads):
        assert status_of(clone(CloneFlags.CLONE_NEWPID, fn=check)) == 0


def test_C5_time_namespace_needs_clone3() -> None:
    """clone has no bit for CLONE_NEWTIME: refused with the way that works, which does."""
    from pysys import CloneArgs, CloneFlags, clone, clone3, errors

    with pytest.raises(ValueError, match="clone3"):
        clone(CloneFlags.CLONE_NEWTIME)
    need_root()
    reader, writer = os.pipe()
    try:
        pid = clone3(CloneArgs(CloneFlags.CLONE_NEWTIME), fn=lambda: None if os.read(reader, 1) else 1)
    except errors.EINVAL:
        pytest.skip("clone3 takes CLONE_NEWTIME since Linux 6.3")
    assert os.readlink(f"/proc/{pid}/ns/time") != os.readlink("/proc/self/ns/time")
    os.write(writer, b"x")
    assert status_of(pid) == 0


@pytest.mark.parametrize("flag", [name for name in NAMESPACES if name != "CLONE_NEWUSER"])
def test_C5_without_the_capability(flag: str) -> None:
    """Without CAP_SYS_ADMIN a namespace other than a user namespace is refused: errors.EPERM."""
    from pysys import CloneFlags, clone, errors

    errors.EPERM  # noqa: B018  # imported before the user changes, who may not read the package
    flags = CloneFlags[flag]
    try:
        raise errors.error(1, "clone")
    except errors.EPERM:
        pass
    if os.geteuid() == 0:
        os.setresuid(54321, 54321, 54321)
    with nothing_left(), pytest.raises(errors.EPERM):
        clone(flags, fn=lambda: None)


@pytest.mark.parametrize("size", [8192, 8193, 10007, 65535, 65536])
@pytest.mark.parametrize("offset", [0, 1, 3, 8])
def test_C6_native_function_on_its_own_stack(size: int, offset: int) -> None:
    """A native function runs in shared memory on a stack of any size and alignment."""
    import native

    from pysys import CloneFlags, clone

    memory = bytearray(size + offset)
    stack = memoryview(memory)[offset:]
    flags = CloneFlags.CLONE_VM | CloneFlags.CLONE_VFORK
    assert status_of(clone(flags, fn=native.pointer("child_returns_7"), stack=stack)) == 7
    assert status_of(clone(flags, fn=native.pointer("child_stack_is_aligned"), stack=stack)) == 0
    arg = native.ffi.cast("void *", 42)
    assert status_of(clone(flags, fn=native.pointer("child_returns_arg"), arg=arg, stack=stack)) == 42


def test_C6_memory_is_shared_and_the_parents_thread_id_left_intact() -> None:
    """What the native child writes is the parent's memory; the parent's own thread works on as before."""
    import native

    from pysys import CloneFlags, clone

    place = native.ffi.new("int *")
    pid = clone(
        CloneFlags.CLONE_VM | CloneFlags.CLONE_VFORK,
        fn=native.pointer("child_stores_pid"),
        arg=native.ffi.cast("void *", place),
        stack=bytearray(65536),
    )
    assert place[0] == pid
    assert status_of(pid) == 0
    assert threading.get_native_id() == os.getpid()
    caught: list[int] = []
    signal.signal(signal.SIGUSR2, lambda number, _: caught.append(number))
    signal.raise_signal(signal.SIGUSR2)
    assert caught == [signal.SIGUSR2]
    assert native.lib.recursive_twice() == 0


def test_C6_the_parents_errno_is_left_alone() -> None:
    """A child in shared memory has its parent's errno: what it does before the function leaves none there."""
    import native

    from pysys import CloneFlags, clone
    from pysys._native import ffi

    ffi.errno = 0  # CFFI puts it in place before a call, and takes it back after it
    flags = CloneFlags.CLONE_VM | CloneFlags.CLONE_VFORK
    pid = clone(flags, fn=native.pointer("child_returns_7"), stack=bytearray(65536))
    assert ffi.errno == 0
    assert status_of(pid) == 7


def test_C6_runs_while_the_parent_does() -> None:
    """Without CLONE_VFORK the native child runs at the same time as its parent, in the same memory."""
    import native

    from pysys import CloneFlags, clone

    word = native.ffi.new("int *")
    stack = bytearray(65536)
    pid = clone(
        CloneFlags.CLONE_VM,
        fn=native.pointer("child_waits_for"),
        arg=native.ffi.cast("void *", word),
        stack=stack,
    )
    assert os.waitpid(pid, os.WNOHANG) == (0, 0)
    word[0] = 33
    assert status_of(pid) == 33


@alone_and_with_threads
def test_C6_native_function_without_shared_memory(threads: int) -> None:
    """A native function without CLONE_VM runs in a copy of memory and needs no stack."""
    import native
    from creators import other_threads

    from pysys import clone

    with other_threads(threads), nothing_left():
        assert status_of(clone(fn=native.pointer("child_returns_7"))) == 7


@pytest.mark.parametrize("number", [int(signal.SIGHUP), int(signal.SIGRTMIN), int(signal.SIGRTMAX)])
def test_C6_no_handler_of_any_number_is_the_native_childs(number: int) -> None:
    """The first and the last signal, too, have their default effect on a child in shared memory."""
    import native

    from pysys import CloneFlags, clone

    caught: list[int] = []
    signal.signal(number, lambda number, _: caught.append(number))
    word = native.ffi.new("int *")
    stack = bytearray(65536)
    pid = clone(
        CloneFlags.CLONE_VM,
        fn=native.pointer("child_waits_for"),
        arg=native.ffi.cast("void *", word),
        stack=stack,
    )
    os.kill(pid, number)
    timer = threading.Timer(5, word.__setitem__, (0, 1))  # a child that lives on would never end
    timer.start()
    assert status_of(pid) == -number
    timer.cancel()
    timer.join()
    assert not caught
    os.kill(os.getpid(), number)
    until(lambda: caught == [number])


def test_C6_shared_handlers_stay() -> None:
    """With CLONE_SIGHAND the handlers are the parent's as well: none of them is taken away."""
    import native

    from pysys import CloneFlags, clone

    caught: list[int] = []
    signal.signal(signal.SIGUSR1, lambda number, _: caught.append(number))
    flags = CloneFlags.CLONE_VM | CloneFlags.CLONE_SIGHAND | CloneFlags.CLONE_VFORK
    assert status_of(clone(flags, fn=native.pointer("child_returns_7"), stack=bytearray(65536))) == 7
    signal.raise_signal(signal.SIGUSR1)
    assert caught == [signal.SIGUSR1]


def test_C6_signals_of_the_native_child_are_not_the_parents() -> None:
    """A signal to a native child in shared memory has its default effect, and runs no Python handler."""
    import native

    from pysys import CloneFlags, clone

    caught: list[int] = []
    stack = bytearray(65536)  # as long as the child lives
    signal.signal(signal.SIGTERM, lambda number, _: caught.append(number))
    pid = clone(
        CloneFlags.CLONE_VM,
        fn=native.pointer("child_sleeps"),
        arg=native.ffi.cast("void *", 10_000_000),
        stack=stack,
    )
    os.kill(pid, signal.SIGTERM)
    assert status_of(pid) == -signal.SIGTERM
    assert caught == []


def test_C7_refused_before_the_kernel_is_asked() -> None:
    """NULL function, no stack with CLONE_VM, CLONE_SETTLS, a thread: refused with the reason."""
    import native

    from pysys import CloneFlags as F
    from pysys import clone, errors

    thread = F.CLONE_THREAD | F.CLONE_SIGHAND | F.CLONE_VM
    fn = native.pointer("child_returns_7")
    events: list[str] = []
    sys.addaudithook(lambda name, _: events.append(name) if name.startswith("pysys.") else None)
    with nothing_left():
        with pytest.raises(ValueError, match="NULL"):
            clone(F.CLONE_VM, fn=native.ffi.cast("int(*)(void *)", 0), stack=bytearray(65536))
        with pytest.raises(errors.RefusedError, match="stack"):
            clone(F.CLONE_VM, fn=fn)
        with pytest.raises(errors.RefusedError, match="CLONE_SETTLS"):
            clone(F.CLONE_SETTLS)
        with pytest.raises(errors.RefusedError, match="CLONE_VM"):
            clone(F.CLONE_VM, fn=lambda: None, stack=bytearray(65536))
        with pytest.raises(errors.RefusedError, match="CLONE_THREAD"):
            clone(thread, fn=fn, stack=bytearray(65536))
        with pytest.raises(errors.RefusedError, match="stack"):
            clone(stack=bytearray(65536))
        with pytest.raises(errors.EINVAL):
            clone(F.CLONE_VM, fn=fn, stack=bytearray(100))
    assert events == ["pysys.clone"]  # the last one, whose stack is too small, got that far


@pytest.mark.parametrize("call", ["clone", "clone3"])
def test_C7_a_callback_is_not_native(call: str) -> None:
    """A CFFI callback is Python code: refused with shared memory and without."""
    import native

    from pysys import CloneArgs, CloneFlags, clone, clone3, errors

    ran = shared_memory()

    @native.ffi.callback("int(void *)")  # type: ignore[untyped-decorator,unused-ignore]  # as types-cffi is
    def callback(_: object) -> int:
        ran[0] = 1
        return 3

    hooks: list[str] = []
    os.register_at_fork(before=lambda: hooks.append("before"))
    stack = bytearray(1 << 20)
    with nothing_left():
        for flags in (CloneFlags.CLONE_VM, CloneFlags(0)):
            passed = stack if flags else None
            with pytest.raises(errors.RefusedError, match="the Python function itself"):
                if call == "clone":
                    clone(flags, fn=callback, stack=passed)
                else:
                    clone3(CloneArgs(flags, stack=passed or 0), fn=callback)
    assert not ran[0]
    assert not hooks


def test_C7_wrong_arguments() -> None:
    """Wrong types, sizes and values are refused by name before the kernel is asked."""
    from pysys import CloneFlags as F
    from pysys import clone

    with nothing_left():
        for arguments, error, said in (
            ({"flags": F.CLONE_FS | 9}, ValueError, "exit_signal="),
            ({"flags": -1}, ValueError, "flags"),
            ({"flags": 1 << 40}, ValueError, "clone3"),
            ({"exit_signal": 256}, ValueError, "exit_signal"),
            ({"parent_tid": b"1234"}, TypeError, "writable"),
            ({"parent_tid": bytearray(3)}, ValueError, "uses 4"),
            ({"child_tid": 5}, TypeError, "child_tid"),
            ({"pidfd": bytearray(4), "parent_tid": bytearray(4)}, ValueError, "clone3"),
            ({"flags": F.CLONE_PIDFD}, ValueError, "^clone: pidfd is missing"),
            ({"flags": F.CLONE_PARENT_SETTID}, ValueError, "^clone: parent_tid is missing"),
            ({"flags": F.CLONE_CHILD_CLEARTID}, ValueError, "^clone: child_tid is missing"),
            ({"fn": 5}, TypeError, "callable"),
            ({"flags": "CLONE_FS"}, TypeError, "flags must be an int, not str"),
            ({"exit_signal": 17.0}, TypeError, "exit_signal must be an int"),
        ):
            with pytest.raises(error, match=said):
                clone(**arguments)


@pytest.mark.parametrize(
    "flags",
    [
        ["CLONE_SIGHAND"],
        ["CLONE_THREAD"],
        ["CLONE_THREAD", "CLONE_SIGHAND"],
        ["CLONE_FS", "CLONE_NEWNS"],
        ["CLONE_NEWUSER", "CLONE_FS"],
    ],
)
def test_C8_contradictory_flags(flags: list[str]) -> None:
    """Contradictory flags are the kernel's to refuse: errors.EINVAL, whose page has the causes."""
    from pysys import CloneFlags, clone, errors

    combined = 0
    for name in flags:
        combined |= CloneFlags[name]
    with nothing_left(), pytest.raises(errors.EINVAL) as caught:
        pid = clone(combined)
        if pid == 0:
            os._exit(0)
    assert caught.value.syscall == "clone"
    assert caught.value.causes


@pytest.mark.portable
@alone_and_with_threads
def test_fn_result_is_the_exit_status(threads: int) -> None:
    """fn's result, SystemExit or exception becomes the exit status, as for a program's main function."""
    from creators import other_threads

    from pysys import clone

    def leave(code: object) -> None:
        sys.exit(code)  # type: ignore[arg-type]  # what main returns, of any type

    with other_threads(threads), nothing_left():
        assert status_of(clone(fn=lambda: None)) == 0
        assert status_of(clone(fn=lambda a, b: a + b, args=(40, 2))) == 42
        for more in (256, -256, 1 << 31, 1 << 64):
            assert status_of(clone(fn=lambda more=more: more + 3)) == 3
            assert status_of(clone(fn=leave, args=(more + 3,))) == 3
        assert status_of(clone(fn=leave, args=(None,))) == 0
        assert status_of(clone(fn=leave, args=(9,))) == 9


def test_a_thread_that_was_joined_does_not_count() -> None:
    """Right after its end was waited for, a thread no longer stands in the way."""
    from pysys import clone

    for _ in range(50):
        thread = threading.Thread(target=lambda: None)
        thread.start()
        thread.join()
        assert status_of(clone(exit_signal=0, fn=lambda: None)) == 0


def test_a_handlers_exception_stays_in_the_child() -> None:
    """What a signal's handler raises before fn has begun ends the child, outside the caller's code."""
    from pysys import clone

    def handler(*_: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGALRM, handler)
    soon = functools.partial(signal.setitimer, signal.ITIMER_REAL, 1e-6)
    os.register_at_fork(after_in_child=soon)
    for _ in range(max(ROUNDS // 5, 4)):
        try:
            pid = clone(fn=time.sleep, args=(10,))
        except KeyboardInterrupt:
            os._exit(9)
        assert status_of(pid) == 1


@pytest.mark.parametrize("way", ["fork-kernel", "vfork", "clone", "clone3"])
@pytest.mark.parametrize("move", ["unshare", "setns"])
def test_children_in_another_pid_namespace(way: str, move: str) -> None:
    """Where unshare or setns moved the children, a process with threads is refused and libc's fork works."""
    from creators import WAYS, other_threads

    from pysys import CloneFlags, clone, errors, fork

    need_root()
    libc = ctypes.CDLL(None, use_errno=True)
    release, hold = os.pipe()
    with other_threads(1), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if move == "unshare":
            assert libc.unshare(int(CloneFlags.CLONE_NEWPID)) == 0
        else:
            init = clone(CloneFlags.CLONE_NEWPID, fn=lambda: None if os.read(release, 1) else 1)
            assert libc.setns(os.open(f"/proc/{init}/ns/pid", os.O_RDONLY), 0) == 0
        with nothing_left(), pytest.raises(errors.RefusedError, match="namespace"):
            WAYS[way]()
        in_child(fork, lambda: None)
        os.write(hold, b"x")


@pytest.mark.parametrize("way", ["fork-kernel", "vfork", "clone", "clone3"])
def test_children_in_another_pid_namespace_that_cannot_be_seen(way: str) -> None:
    """Without /proc the middle process finds out that it is in another namespace: EINVAL, and no child."""
    from creators import WAYS, other_threads

    from pysys import CloneFlags, clone, errors, numbers

    need_root()
    libc = ctypes.CDLL(None, use_errno=True)
    release, hold = os.pipe()
    init = clone(CloneFlags.CLONE_NEWPID, fn=lambda: None if os.read(release, 1) else 1)
    namespace = os.open(f"/proc/{init}/ns/pid", os.O_RDONLY)
    names = ("stat", "stat64", "lstat", "lstat64", "newfstatat", "fstatat64", "statx")
    with other_threads(1), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert libc.setns(namespace, 0) == 0
        filter_calls([numbers.table()[name] for name in names if name in numbers.table()], errno.EACCES)
        with pytest.raises(errors.EINVAL):
            WAYS[way]()
        os.write(hold, b"x")
    assert status_of(init) == 0
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, WALL)


def test_native_children_in_another_pid_namespace() -> None:
    """What shares memory needs no middle process: it is made, too, where unshare moved the children."""
    import native
    from creators import other_threads

    from pysys import CloneFlags, clone

    need_root()
    flags = CloneFlags.CLONE_VM | CloneFlags.CLONE_VFORK
    with other_threads(1):
        assert ctypes.CDLL(None).unshare(int(CloneFlags.CLONE_NEWPID)) == 0
        pid = clone(flags, fn=native.pointer("child_returns_7"), stack=bytearray(65536))
        assert status_of(pid) == 7


@pytest.mark.portable
def test_fn_output_comes_once() -> None:
    """What the parent had buffered is not written again by the child; the child's own output and its
    exception's traceback are written."""
    code = """
import os, sys
from pysys import clone
sys.stdout.write("parent ")
def fn():
    sys.stdout.write("child ")
    raise KeyError("oops")
pid = clone(fn=fn)
assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 1
sys.stdout.write("end")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30)
    assert done.stdout == "parent child end"
    assert "KeyError: 'oops'" in done.stderr
    assert done.returncode == 0


@pytest.mark.portable
def test_fn_is_not_run_where_output_would_come_twice() -> None:
    """sys.stdout cannot be flushed: refused, and the errno of that is not taken for the call's."""
    code = """
import os, sys
from pysys import CloneArgs, clone, clone3, errors
print("this stays in the buffer")
for call in (lambda: clone(fn=lambda: 0), lambda: clone3(CloneArgs(), fn=lambda: 0)):
    try:
        os.waitpid(call(), 0)
    except errors.RefusedError as error:
        print(error.syscall, error, error.__cause__.errno, file=sys.stderr)
os._exit(0)
"""
    with open("/dev/full", "wb") as full:
        command = [sys.executable, "-E", "-c", code]  # no PYTHONUNBUFFERED
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, timeout=30)
    for line, call in zip(done.stderr.decode().splitlines(), ("clone", "clone3"), strict=True):
        assert line.startswith(f"{call} {call}: sys.stdout or sys.stderr cannot be flushed")
        assert line.endswith(f" {errno.ENOSPC}")


@pytest.mark.portable
def test_fn_output_that_is_lost() -> None:
    """What the child cannot write in the end is its failure."""
    from pysys import clone

    def fn(status: int) -> int:
        sys.stdout = open("/dev/full", "w")  # noqa: SIM115  # as long as the process
        sys.stdout.write("lost")
        return status

    assert status_of(clone(fn=fn, args=(0,))) == 1
    assert status_of(clone(fn=fn, args=(9,))) == 9


@pytest.mark.portable
@alone_and_with_threads
@pytest.mark.parametrize("how", ["returns", "raises", "shut in"])
def test_fn_threads_are_waited_for(how: str, threads: int) -> None:
    """The child ends after the threads that fn has started, as a multiprocessing.Process does; daemons are
    not waited for; and it imports nothing for that."""
    from creators import other_threads

    from pysys import clone

    if how == "shut in":
        need_root()
    reader, writer = os.pipe()
    go, on = os.pipe()

    def late() -> None:
        os.read(go, 1)
        os.write(writer, b"late")

    def fn() -> int:
        threading.Thread(target=late).start()
        threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
        if how == "raises":
            raise KeyError("oops")
        if how == "shut in":
            os.chroot("/proc/self/fdinfo")
        return 4

    with other_threads(threads):
        pid = clone(fn=fn)
        time.sleep(0.2)  # by now fn has returned, and a child that does not wait would have ended
        assert os.waitpid(pid, os.WNOHANG) == (0, 0)
        os.write(on, b"x")
        assert status_of(pid) == (1 if how == "raises" else 4)
    assert os.read(reader, 10) == b"late"


def test_exit_signal() -> None:
    """exit_signal arrives in the parent at the child's end, or nothing does where it is 0."""
    from pysys import clone

    caught: list[int] = []
    signal.signal(signal.SIGUSR2, lambda number, _: caught.append(number))
    signal.signal(signal.SIGCHLD, lambda number, _: caught.append(number))
    pid = clone(exit_signal=signal.SIGUSR2, fn=lambda: None)
    with pytest.raises(ChildProcessError):
        os.waitpid(pid, 0)
    assert os.waitpid(pid, WALL)[0] == pid
    until(lambda: caught)
    pid = clone(exit_signal=0, fn=lambda: None)
    assert status_of(pid) == 0
    time.sleep(0.05)
    assert caught == [signal.SIGUSR2]


def test_C10_argument_order() -> None:
    """The raw call puts parent_tid, child_tid and flags where this ABI has them, as strace sees it too."""
    from pysys import CloneFlags, clone

    parent, child, shared = array.array("i", [0]), array.array("i", [0]), shared_memory()

    def check() -> None:
        shared[:4] = child[0].to_bytes(4, "little")

    pid = clone(CloneFlags.CLONE_FS, parent_tid=parent, child_tid=child, fn=check)
    assert status_of(pid) == 0
    assert int.from_bytes(shared[:4], "little") == pid == parent[0]
    assert child[0] == 0


def test_a_socket_survives() -> None:
    """Descriptors other than the two steps' own are untouched: a socket pair works across the child."""
    import socket

    from creators import other_threads

    from pysys import clone

    left, right = socket.socketpair()
    with left, right, other_threads(2), nothing_left():
        place = array.array("i", [-1])
        pid = clone(pidfd=place, fn=lambda: right.send(b"hello") and None)
        assert left.recv(10) == b"hello"
        assert status_of(pid) == 0
        os.close(place[0])


@pytest.mark.skipif(
    not hasattr(ctypes.CDLL(None), "__libc_single_threaded"), reason="not glibc 2.32 or newer"
)
def test_C1_one_thread_is_known_without_proc() -> None:
    """From the C library, if it is one that knows, whichever the extension was built for."""
    from diagnosed import in_an_empty_root, own_user_namespace

    from pysys._ffi import lib

    def look() -> None:
        assert lib.pysys_threads() == 1

    if os.geteuid() != 0:
        own_user_namespace()
    in_an_empty_root(look)
