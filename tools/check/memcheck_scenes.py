"""Every path through the C code once, for memcheck.py. Arguments: names of scenes to leave out."""

from __future__ import annotations

import mmap
import os
import signal
import socket
import sys
import threading
import warnings
from collections.abc import Callable
from contextlib import contextmanager, suppress
from functools import partial
from shutil import which
from subprocess import STDOUT
from typing import Any

from cffi import FFI

import pysys
from pysys import CloneArgs, CloneFlags, errors, mounts

TRUE = which("true") or "/bin/true"


def end(pid: int, status: int = 0) -> None:
    """Wait for a child; what it ends with is checked."""
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0x40000000)[1]) == status  # __WALL


def returning(create: Callable[[], int]) -> None:
    pid = create()
    if pid == 0:
        os._exit(7)
    end(pid, 7)


@contextmanager
def a_thread() -> Any:
    """Another thread, so that a child is made in two steps."""
    done = threading.Event()
    thread = threading.Thread(target=done.wait)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def fork() -> None:
    returning(pysys.fork)


def fork_kernel() -> None:
    returning(lambda: pysys.fork(entry="kernel"))


def vfork() -> None:
    returning(pysys.vfork)


def clone() -> None:
    returning(pysys.clone)
    returning(lambda: pysys.clone(parent_tid=bytearray(4), child_tid=bytearray(4)))
    end(pysys.clone(fn=lambda: 3), 3)


def clone_pidfd() -> None:
    place = bytearray(4)
    returning(lambda: pysys.clone(pidfd=place))
    os.close(int.from_bytes(place, sys.byteorder))


def clone_vm() -> None:
    """A function of the C library as the child, on stacks of odd sizes; one is too small."""
    ffi: Any = FFI()
    ffi.cdef("int abs(int);")
    function = ffi.cast("int(*)(void *)", ffi.addressof(ffi.dlopen(None), "abs"))
    for size in (8192, 65536 + 13):
        stack = mmap.mmap(-1, size)
        argument = ffi.cast("void *", 5)
        end(pysys.clone(CloneFlags.CLONE_VM, fn=function, arg=argument, stack=stack), 5)
    with suppress(errors.EINVAL):
        pysys.clone(CloneFlags.CLONE_VM, fn=function, arg=argument, stack=bytearray(64))


def clone3() -> None:
    for args in (CloneArgs(), CloneArgs(pidfd=True, parent_tid=bytearray(4), child_tid=bytearray(4))):
        with suppress(errors.ENOSYS):
            returning(partial(pysys.clone3, args))
        if args.pidfd is not True and args.pidfd:
            os.close(args.pidfd)
    for bad in (None, bytes(7), bytes(64) + b"\1" * 64):
        with suppress(OSError, errors.RefusedError):
            returning(partial(pysys.clone3, bad))


def two_steps() -> None:
    with a_thread():
        fork_kernel()
        vfork()
        clone()
        clone_pidfd()
        clone3()


def two_steps_refused() -> None:
    """What the kernel refuses to the middle process."""
    with a_thread():
        with suppress(errors.EINVAL):
            pysys.clone(CloneFlags.CLONE_SIGHAND, fn=lambda: 0)
        with suppress(errors.EEXIST, errors.EPERM, errors.ENOSYS):
            pysys.clone3(CloneArgs(set_tid=(1,)), fn=lambda: 0)


def abandoned() -> None:
    """What becomes of a child whose caller gets an exception in its id's place."""
    from pysys import _native as native
    from pysys._native import ffi, lib
    from pysys.process.clone_request import abandon, new_request

    place = ffi.new("int *", -1)
    request = new_request(lib.PYSYS_CLONE)
    request.flags, request.parent_tid = lib.CLONE_PIDFD | lib.SIGCHLD, place
    ticket = native.ticket()
    ways: tuple[tuple[Callable[[], int], Callable[[], object]], ...] = (
        (lambda: lib.pysys_create(request), lambda: abandon(request)),
        (
            lambda: native.create_plain(ticket, lib.PYSYS_LIBC_FORK, lib.SIGCHLD, None),
            lambda: native.abandon_plain(ticket),
        ),
    )
    for create, give_up in ways:
        if create() == 0:
            signal.pause()
        give_up()
        give_up()  # which finds nothing more to do
    assert place[0] == -1


def spawned(**options: Any) -> None:
    try:
        with pysys.spawn([TRUE], **options) as child:
            assert child.wait() == 0
    except OSError as error:
        print(f"    {error}")


def spawn() -> None:
    spawned()
    spawned(pidfd=False, close_fds=False, restore_signals=False)
    spawned(env={})
    spawned(env={"A": "B", "C": "D" * 5000})
    with pysys.spawn(["true", "x" * 1000]) as child:
        assert child.wait(timeout=60) == 0
    with pysys.spawn(["sleep", "100"]) as child:
        assert child.poll() is None
        try:
            child.kill()
        except errors.ENOSYS:  # valgrind does not know pidfd_send_signal
            os.kill(child.pid, signal.SIGKILL)
    assert child.rusage is not None


def spawn_failures() -> None:
    for argv in (["/nowhere"], ["/"], ["/dev/null"], ["nowhere-in-path"]):
        with suppress(OSError):
            pysys.spawn(argv)
    for options in (
        {"cwd": "/nowhere"},
        {"fds": {5: 900}},
        {"process_group": 1},
        {"controlling_terminal": 0},
        {"join_namespaces": [0]},
        {"cgroup": 0},
        {"chroot": "/nowhere"},
        {"uid_map": [(0, 0, 1), (0, 0, 1)]},
    ):
        spawned(**options)


def spawn_options() -> None:
    opened = os.open("/dev/null", os.O_RDWR)
    extra = os.dup(opened)
    home = os.open("/", os.O_RDONLY)
    program = os.open(TRUE, os.O_RDONLY)
    spawned(stdin=opened, stdout=extra, stderr=STDOUT)
    spawned(fds={opened: extra, extra: opened})
    spawned(fds={40: opened, 3: 0}, close_fds=True)
    spawned(cwd="/tmp", umask=0o22, start_new_session=True)
    spawned(cwd=home, process_group=0)
    spawned(executable=program)
    spawned(
        signal_mask=[signal.SIGUSR1, signal.SIGRTMAX],
        signals_default=signal.valid_signals(),
        signals_ignored=[1, 64],
    )
    spawned(rlimits={"NOFILE": 100, "CORE": (0, 0)}, priority=5, affinity=os.sched_getaffinity(0))
    spawned(pdeathsig=signal.SIGTERM, no_new_privs=True)
    spawned(user=os.getuid(), group=os.getgid(), extra_groups=[os.getgid()] * 5)
    spawned(chroot="/", cwd="/")
    entries = [
        mounts.devices("/mnt/dev"),
        mounts.bind("/usr", "/mnt/usr", "ro"),
        mounts.file("/mnt/text", "text"),
    ]
    spawned(root="/", mounts=[mounts.tmpfs("/mnt"), *entries])
    spawned(ambient_caps=["CHOWN", 12])
    spawned(hostname="box", domainname="realm", loopback=True, keyring="pysys-test")
    spawned(time_offsets={"monotonic": 10**9})
    spawned(oom_score_adj=500, coredump_filter=5, personality=0, timer_slack=1000, child_subreaper=True)
    spawned(scheduling=3, io_priority=(3, 0), capabilities=["CHOWN"], securebits=0)
    spawned(landlock={"paths": {"/": "all", TRUE: "all"}, "bind": [80], "scopes": "signal", "abi": 0})
    spawned(seccomp=[(6, 0, 0, 0x7FFF0000)], user=os.getuid())
    for descriptor in (opened, extra, home, program):
        os.close(descriptor)


def spawn_namespaces() -> None:
    new = CloneFlags.CLONE_NEWUSER | CloneFlags.CLONE_NEWUTS | CloneFlags.CLONE_NEWPID
    spawned(namespaces=new, uid_map=[(0, os.getuid(), 1)], gid_map=[(0, os.getgid(), 1)])
    spawned(namespaces=0x80)  # CLONE_NEWTIME
    for kind in ("uts", "pid", "user"):
        with open(f"/proc/self/ns/{kind}") as namespace:
            spawned(join_namespaces=[namespace])
    with suppress(OSError):
        spawned(cgroup="/sys/fs/cgroup")


def spawn_from_threads() -> None:
    threads = [threading.Thread(target=spawn) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def syscall() -> None:
    assert pysys.syscall("getppid") == os.getppid()
    reader, writer = os.pipe()
    assert pysys.syscall("write", writer, b"hello", 5) == 5
    place = bytearray(5)
    assert pysys.syscall("read", reader, place, 5) == 5
    assert place == b"hello"
    os.close(reader)
    os.close(writer)
    with suppress(errors.ENOENT):
        pysys.syscall("chdir", "/nowhere")
    with suppress(errors.ENOSYS):
        pysys.syscall(9999, 1, 2, 3, 4, 5, 6)
    address = pysys.syscall("mmap", None, 4096, 3, 0x22, -1, 0)
    assert pysys.syscall("munmap", address, 4096) == 0


def typed_calls() -> None:
    """Structures, arrays, lengths within memory, and what is written by hand."""
    from pysys import calls, structures

    how = structures.open_how(flags=os.O_RDONLY | os.O_DIRECTORY)
    folder = calls.openat2(-100, "/", how, how.nbytes)
    assert calls.getdents64(folder)
    assert calls.statx(folder, "tmp").stx_mode
    handle = structures.file_handle.with_extra(128, handle_bytes=128)
    with suppress(OSError):  # not every file system has handles
        calls.direct.name_to_handle_at(folder, "tmp", handle, bytearray(8), 0)
    reader, writer = calls.pipe2()
    assert calls.writev(writer, structures.iovec.over([b"some", b"thing"]), 2) == 9
    into = [bytearray(4), bytearray(5)]
    assert calls.readv(reader, structures.iovec.over(into), 2) == 9
    assert b"".join(into) == b"something"
    poll = calls.epoll_create1()
    calls.epoll_ctl(poll, 1, writer, 4)  # EPOLL_CTL_ADD, EPOLLOUT
    assert calls.epoll_wait(poll)[0][0] == writer
    for descriptor in (folder, reader, writer, poll):
        calls.close(descriptor)
    assert calls.prlimit64(0, 7).rlim_cur


def values() -> None:
    """Each form of a value; and numbers of structures, before and after their memory is made."""
    from pysys import calls, structures

    assert calls.clock_gettime(1).nanoseconds
    assert calls.clock_gettime(2).tv_nsec
    assert calls.clock_getres(1).tv_nsec
    assert len(calls.getresuid()) == len(calls.getresgid()) == 3
    assert calls.getgroups() == os.getgroups()
    assert calls.sched_getaffinity(0)
    assert len(calls.getrandom(16)) == 16
    assert len(calls.getrandom(5000)) == 5000
    assert calls.getcpu()
    for found, field in (
        (calls.uname(), "sysname"),
        (calls.sysinfo(), "procs"),
        (calls.statx(-100, "/"), "stx_mode"),
    ):
        assert getattr(found, field) == getattr(type(found).from_bytes(bytes(found)), field)
        assert found.copy() == found
    with suppress(OSError):
        calls.statx(-100, "/nonexistent", flags=0)
    with suppress(TypeError):
        calls.uname(1)  # type: ignore[call-arg]  # refused
    assert structures.timespec().tv_sec == 0
    assert structures.statx_timestamp.from_bytes(b"\xff" * 16).tv_sec == -1


def sockets() -> None:
    """Memory whose length is in other memory, and messages with what they lead to."""
    from pysys import calls
    from pysys.structures.control import ControlMessage, space

    one, other = calls.socketpair(1, 1)
    assert calls.getsockname(one) == calls.getpeername(one) == ""
    for length in (0, 2, 128):
        calls.direct.getsockname(one, bytearray(length), bytearray(length.to_bytes(4, sys.byteorder)))
    with suppress(ValueError):
        calls.direct.getsockname(one, bytearray(15), bytearray((16).to_bytes(4, sys.byteorder)))
    assert calls.getsockopt(one, socket.SOL_SOCKET, socket.SO_TYPE) == 1
    calls.sendmsg(one, [b"some", bytearray(b"thing")], [ControlMessage.rights([one])])
    found = calls.recvmsg(other, 20, space(4))
    assert found.data == b"something"
    calls.sendto(one, b"more")
    assert calls.recvfrom(other, 20) == (b"more", None)
    for descriptor in (one, other, *found.messages[0].descriptors()):
        calls.close(descriptor)


def rings() -> None:
    """Queues of io_uring, where the kernel has them."""
    from pysys import errors
    from pysys.rings import Ring

    reader, writer = os.pipe()
    with suppress(errors.ENOSYS, errors.EPERM), Ring(4) as ring:
        place = bytearray(5)
        ring.push(opcode=23, fd=writer, addr=b"hello", len=5, user_data=1)  # IORING_OP_WRITE
        ring.submit(wait=1)
        ring.push(opcode=22, fd=reader, addr=place, len=5, user_data=2)  # IORING_OP_READ
        ring.push(opcode=22, fd=reader, addr=bytearray(5), len=5, user_data=3)  # never done
        ring.submit(wait=1)
        assert {one.user_data: one.res for one in ring.completions()} == {1: 5, 2: 5}
        assert place == b"hello"
    os.close(reader)
    os.close(writer)


SCENES: tuple[Callable[[], None], ...] = (
    fork,
    fork_kernel,
    vfork,
    clone,
    clone_pidfd,
    clone_vm,
    clone3,
    two_steps,
    two_steps_refused,
    abandoned,
    spawn,
    spawn_failures,
    spawn_options,
    spawn_namespaces,
    spawn_from_threads,
    syscall,
    typed_calls,
    values,
    sockets,
    rings,
)


def main() -> None:
    warnings.simplefilter("ignore", DeprecationWarning)  # of forks with threads
    for scene in SCENES:
        if scene.__name__ in sys.argv[1:]:
            continue
        print(f"scene {scene.__name__}", flush=True)
        scene()
    print("all scenes", flush=True)


if __name__ == "__main__":
    main()
