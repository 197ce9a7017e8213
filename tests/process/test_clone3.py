"""clone3: requirements K, besides C1 in tests/process/test_fork.py."""

from __future__ import annotations

import array
import errno
import os
import random
import select
import signal
import struct
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import leftovers
import pytest
from isolated import (
    WALL,
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
alone_and_with_threads = pytest.mark.parametrize("threads", [0, 2])


def need_clone3() -> None:
    from pysys._native import lib

    if lib.pysys_clone3_is_filtered():
        pytest.skip("this kernel, or a filter or emulator around it, has no clone3")


def structure(size: int = 88, *, exit_signal: int = signal.SIGCHLD, flags: int = 0) -> bytearray:
    """struct clone_args of a size, as the kernel lays it out."""
    return bytearray(struct.pack("=QQQQQ", flags, 0, 0, 0, exit_signal).ljust(size, b"\0"))


@pytest.mark.parametrize("exit_signal", [0, int(signal.SIGUSR2)])
def test_K1_exit_signal(exit_signal: int) -> None:
    """An exit signal other than SIGCHLD arrives, or none does; the child is waited for with __WALL."""
    from pysys import CloneArgs, clone3

    need_clone3()
    caught: list[int] = []
    for number in (signal.SIGUSR2, signal.SIGCHLD):
        signal.signal(number, lambda number, _: caught.append(number))
    pid = clone3(CloneArgs(exit_signal=exit_signal), fn=lambda: 3)
    with pytest.raises(ChildProcessError):
        os.waitpid(pid, 0)
    found, status = os.waitpid(pid, WALL)
    assert (found, os.waitstatus_to_exitcode(status)) == (pid, 3)
    if exit_signal:
        until(lambda: caught)
    assert caught == [exit_signal] * bool(exit_signal)


@alone_and_with_threads
def test_K2_pidfd(threads: int) -> None:
    """pidfd=True gives a close-on-exec descriptor that poll reports at the child's end."""
    from creators import other_threads

    from pysys import CloneArgs, clone3

    release, hold = os.pipe()
    place = array.array("i", [0])
    with other_threads(threads):
        args = CloneArgs(pidfd=True, parent_tid=place)
        pid = clone3(args, fn=lambda: 5 if os.read(release, 1) else 1)
        assert type(args.pidfd) is int
        assert place[0] == pid
        assert not os.get_inheritable(args.pidfd)
        assert f"Pid:\t{pid}\n" in Path(f"/proc/self/fdinfo/{args.pidfd}").read_text()
        assert select.select([args.pidfd], [], [], 0)[0] == []
        os.write(hold, b"x")
        assert select.select([args.pidfd], [], [], 10)[0] == [args.pidfd]
        result = os.waitid(os.P_PIDFD, args.pidfd, os.WEXITED)
        assert result is not None and (result.si_pid, result.si_status) == (pid, 5)
        os.close(args.pidfd)


@alone_and_with_threads
def test_K2_args_used_again(threads: int) -> None:
    """A CloneArgs asks for a pidfd each time it is used: a second child has its own, a failed call none."""
    from creators import other_threads

    from pysys import CloneArgs, CloneFlags, clone3, errors

    release, hold = os.pipe()
    args = CloneArgs(pidfd=True)
    with other_threads(threads):
        for code in (5, 6):
            pid = clone3(args, fn=lambda code=code: code if os.read(release, 1) else 1)
            assert f"Pid:\t{pid}\n" in Path(f"/proc/self/fdinfo/{args.pidfd}").read_text()
            os.write(hold, b"x")
            result = os.waitid(os.P_PIDFD, args.pidfd, os.WEXITED)
            assert result is not None and (result.si_pid, result.si_status) == (pid, code)
            os.close(args.pidfd)
        args.flags = CloneFlags.CLONE_SIGHAND  # which goes with CLONE_VM only
        with nothing_left(), pytest.raises(errors.EINVAL):
            clone3(args, fn=lambda: None)
        assert args.pidfd is True
        args.flags = 0
        in_child(lambda: clone3(args), lambda: args.pidfd is True or 1 / 0)
        assert type(args.pidfd) is int
        os.close(args.pidfd)


def test_K2_pidfd_by_its_flag() -> None:
    """CLONE_PIDFD among the flags asks for it as well; False stays what was asked for."""
    from pysys import CloneArgs, CloneFlags, clone3

    args = CloneArgs(CloneFlags.CLONE_PIDFD)
    assert args.pidfd is False
    pid = clone3(args, fn=lambda: None)
    assert f"Pid:\t{pid}\n" in Path(f"/proc/self/fdinfo/{args.pidfd}").read_text()
    assert status_of(pid) == 0
    assert f"pidfd={args.pidfd}" in repr(args)
    os.close(args.pidfd)
    args.flags, args.pidfd = 0, False
    assert status_of(clone3(args, fn=lambda: None)) == 0
    assert args.pidfd is False
    for wrong in (5, None, 1):
        with pytest.raises(TypeError, match="pidfd must be True or False"):
            args.pidfd = wrong  # type: ignore[assignment]  # wrong on purpose
        with pytest.raises(TypeError, match="pidfd must be True or False"):
            CloneArgs(pidfd=wrong)  # type: ignore[arg-type]  # wrong on purpose


@pytest.mark.parametrize("size", [64, 80, 88, 89, 128, 4096])
def test_K3_sizes_that_are_accepted(size: int) -> None:
    """The published sizes, and longer ones whose rest is zero, are accepted."""
    from pysys import clone3

    need_clone3()
    pid = clone3(structure(size), fn=lambda: 8)
    assert status_of(pid) == 8


@pytest.mark.parametrize(
    ("size", "last", "answer"),
    [(0, 0, "EINVAL"), (63, 0, "EINVAL"), (89, 1, "E2BIG"), (2001, 1, "E2BIG"), (1 << 17, 0, "E2BIG")],
)
def test_K3_sizes_that_are_refused(size: int, last: int, answer: str) -> None:
    """One byte less is EINVAL; a byte that the kernel does not know and that is not zero is E2BIG."""
    from pysys import clone3, errors

    need_clone3()
    data = bytes(structure(size))[:size]
    data = data[:-1] + bytes([last]) if last else data
    with nothing_left(), pytest.raises(getattr(errors, answer)):
        clone3(data, fn=lambda: None)


@pytest.mark.parametrize(
    ("fields", "answer"),
    [
        ({"exit_signal": 129}, "EINVAL"),
        ({"exit_signal": 1 << 33}, "EINVAL"),
        ({"stack": 0x10000}, "EINVAL"),
        ({"stack_size": 0x10000}, "EINVAL"),
        ({"flags": 1 << 62}, "EINVAL"),
    ],
    ids=["signal 129", "signal of 34 bits", "stack without size", "size without stack", "unknown flag"],
)
def test_K4_refused_by_the_kernel(fields: dict[str, int], answer: str) -> None:
    """Contradictory fields get the documented errno."""
    from pysys import CloneArgs, clone3, errors

    need_clone3()
    with nothing_left(), pytest.raises(getattr(errors, answer)) as caught:
        clone3(CloneArgs(**fields), fn=lambda: None)  # type: ignore[arg-type]  # wrong on purpose
    assert caught.value.syscall == "clone3"


def test_K4_null() -> None:
    """A null pointer gets EFAULT."""
    from pysys import clone3, errors

    need_clone3()
    with nothing_left(), pytest.raises(errors.EFAULT):
        clone3(None)


@alone_and_with_threads
def test_K4_null_pidfd(threads: int) -> None:
    """CLONE_PIDFD in bytes whose pointer is null gets EFAULT, with threads too, and no child."""
    from creators import other_threads

    from pysys import CloneFlags, clone3, errors

    need_clone3()
    with other_threads(threads), nothing_left(), pytest.raises(errors.EFAULT):
        clone3(structure(flags=CloneFlags.CLONE_PIDFD), fn=lambda: None)


def test_K4_wrong_pointer_to_ids() -> None:
    """A set_tid in bytes that leads nowhere gets EFAULT."""
    from pysys import clone3, errors

    need_clone3()
    data = struct.pack("=11Q", 0, 0, 0, 0, signal.SIGCHLD, 0, 0, 0, 64, 1, 0)
    with nothing_left(), pytest.raises(errors.EFAULT):
        clone3(data, fn=lambda: None)


def test_K4_refused_before_the_kernel_is_asked() -> None:
    """What would corrupt the interpreter is refused, in a CloneArgs and in bytes alike."""
    import native

    from pysys import CloneArgs, CloneFlags, clone3, errors

    thread = CloneFlags.CLONE_THREAD | CloneFlags.CLONE_SIGHAND | CloneFlags.CLONE_VM
    with nothing_left():
        for flags in (CloneFlags.CLONE_VM, CloneFlags.CLONE_SETTLS, thread):
            with pytest.raises(errors.RefusedError, match="CLONE_"):
                clone3(CloneArgs(flags))
            with pytest.raises(errors.RefusedError, match="CLONE_"):
                clone3(structure(flags=flags))
        with pytest.raises(errors.RefusedError, match="stack"):
            clone3(CloneArgs(stack=bytearray(65536)))
        with pytest.raises(errors.RefusedError, match="set_tid"):
            clone3(
                CloneArgs(CloneFlags.CLONE_VM, set_tid=[5], stack=bytearray(65536)),
                fn=native.pointer("child_returns_7"),
            )
        with pytest.raises(TypeError, match="callable"):
            clone3(CloneArgs(), fn=5)
        with pytest.raises(TypeError, match="writable"):
            clone3(CloneArgs(parent_tid=b"1234"))
        with pytest.raises(ValueError, match="stack_size"):
            clone3(CloneArgs(stack=bytearray(100), stack_size=100))
        with pytest.raises(OverflowError):
            clone3(CloneArgs(1 << 65))
        for wrong in ("text", 88, [0] * 88, CloneFlags.CLONE_NEWUSER):
            with pytest.raises(TypeError, match="must be a CloneArgs"):
                clone3(wrong)  # type: ignore[arg-type]  # wrong on purpose
        for field in ("flags", "cgroup"):
            with pytest.raises(TypeError, match=f"{field} must be"):
                clone3(CloneArgs(**{field: "/sys/fs/cgroup"}))  # type: ignore[arg-type]  # wrong on purpose


def test_K4_native_function_in_shared_memory() -> None:
    """CLONE_VM with a native function is made through clone, whose fields say the same."""
    import native

    from pysys import CloneArgs, CloneFlags, clone3

    args = CloneArgs(CloneFlags.CLONE_VM | CloneFlags.CLONE_VFORK, pidfd=True, stack=bytearray(10007))
    pid = clone3(args, fn=native.pointer("child_returns_7"))
    assert select.select([args.pidfd], [], [], 10)[0] == [args.pidfd]
    assert status_of(pid) == 7
    os.close(args.pidfd)


def _free_pid() -> int:
    """An id that no process has, well away from the next ones, and not another run's choice."""
    top = int(Path("/proc/sys/kernel/pid_max").read_text())
    for candidate in random.sample(range(300, top - 1), 300):
        if not os.path.exists(f"/proc/{candidate}"):
            return candidate
    pytest.skip("no free process id found")


@alone_and_with_threads
def test_K5_set_tid(threads: int) -> None:
    """The id asked for is the child's; one in use is EEXIST; 0, negative and too large ones are EINVAL."""
    from creators import other_threads

    from pysys import CloneArgs, clone3, errors

    need_clone3()
    need_root()
    top = int(Path("/proc/sys/kernel/pid_max").read_text())
    with other_threads(threads), nothing_left():
        wanted = _free_pid()
        pid = clone3(CloneArgs(set_tid=[wanted]), fn=lambda: 0 if os.getpid() == wanted else 1)
        assert pid == wanted
        assert status_of(pid) == 0
        for taken, answer in (
            (1, errors.EEXIST),
            (0, errors.EINVAL),
            (-1, errors.EINVAL),
            (top, errors.EINVAL),
        ):
            with pytest.raises(answer):
                clone3(CloneArgs(set_tid=[taken]), fn=lambda: None)
        with pytest.raises(errors.EINVAL):  # deeper than the namespaces are
            clone3(CloneArgs(set_tid=[wanted] * 33), fn=lambda: None)


def test_K5_set_tid_in_a_new_namespace() -> None:
    """With a new pid namespace the ids go from the innermost namespace, where it can only be 1, outwards."""
    from pysys import CloneArgs, CloneFlags, clone3, errors

    need_clone3()
    need_root()
    wanted = _free_pid()
    args = CloneArgs(CloneFlags.CLONE_NEWPID, set_tid=[1, wanted])
    pid = clone3(args, fn=lambda: 0 if os.getpid() == 1 else 1)
    assert pid == wanted
    assert status_of(pid) == 0
    with nothing_left(), pytest.raises(errors.EINVAL):
        clone3(CloneArgs(CloneFlags.CLONE_NEWPID, set_tid=[2]), fn=lambda: None)


def test_K5_set_tid_without_the_capability() -> None:
    """Choosing an id needs CAP_CHECKPOINT_RESTORE or CAP_SYS_ADMIN: errors.EPERM."""
    from pysys import CloneArgs, clone3, errors

    need_clone3()
    wanted = _free_pid()
    with pytest.raises(errors.EPERM):
        raise errors.error(errno.EPERM, "clone3")
    if os.geteuid() == 0:
        os.setresuid(54321, 54321, 54321)
    with nothing_left(), pytest.raises(errors.EPERM) as caught:
        clone3(CloneArgs(set_tid=[wanted]), fn=lambda: None)
    assert not any("cannot express" in note for note in getattr(caught.value, "__notes__", []))


def _cgroup2() -> Path:
    need_root()
    for line in Path("/proc/self/mounts").read_text().splitlines():
        _, where, kind, *_ = line.split()
        if kind == "cgroup2":
            path = Path(where) / leftovers.name()
            try:
                path.mkdir()
            except OSError:
                continue
            return path
    pytest.skip("no cgroup2 hierarchy that can be written to")


@alone_and_with_threads
def test_K6_into_cgroup(threads: int) -> None:
    """CLONE_INTO_CGROUP starts the child in the cgroup of the descriptor."""
    from creators import other_threads

    from pysys import CloneArgs, clone3

    need_clone3()
    group = _cgroup2()
    descriptor = os.open(group, os.O_RDONLY | os.O_DIRECTORY)
    release, hold = os.pipe()
    try:
        with other_threads(threads):
            pid = clone3(CloneArgs(cgroup=descriptor), fn=lambda: None if os.read(release, 1) else 1)
            assert (group / "cgroup.procs").read_text().split() == [str(pid)]
            os.write(hold, b"x")
            assert status_of(pid) == 0
    finally:
        until(lambda: not (group / "cgroup.procs").read_text())
        group.rmdir()


@contextmanager
def _busy(group: Path) -> Iterator[None]:
    """This new cgroup has enabled a controller for its children, which leaves no place for processes.

    Those that can be enabled for threads leave one: they are not tried.
    """
    domain = ["misc", "rdma", "hugetlb", "dmem", "io", "memory"]
    above = group.parent / "cgroup.subtree_control"
    own = (group / "cgroup.controllers").read_text().split()
    offered = () if own else (group.parent / "cgroup.controllers").read_text().split()
    for name in (one for one in domain if one in {*own, *offered}):
        try:
            if not own:
                above.write_text(f"+{name}")
            (group / "cgroup.subtree_control").write_text(f"+{name}")
            break
        except OSError:
            continue
    else:
        pytest.skip("no controller can be had in a cgroup here")
    try:
        yield
    finally:
        (group / "cgroup.subtree_control").write_text(f"-{name}")
        if not own:
            above.write_text(f"-{name}")


@pytest.mark.parametrize("shares", ["nothing", "CLONE_FILES", "no exit signal"])
def test_K6_a_busy_cgroup(shares: str) -> None:
    """EBUSY is the kernel's answer for such a cgroup, whatever else is asked for."""
    from pysys import CloneArgs, CloneFlags, clone3, errors

    need_clone3()
    group = _cgroup2()
    descriptor = os.open(group, os.O_RDONLY | os.O_DIRECTORY)
    args = CloneArgs(cgroup=descriptor)
    if shares == "CLONE_FILES":
        args.flags = CloneFlags.CLONE_FILES
    if shares == "no exit signal":
        args.exit_signal = 0
    try:
        with _busy(group), nothing_left(), pytest.raises(errors.EBUSY) as caught:
            clone3(args, fn=lambda: None)
        assert caught.value.syscall == "clone3"
    finally:
        os.close(descriptor)
        group.rmdir()


@alone_and_with_threads
def test_K7_clear_sighand(threads: int) -> None:
    """CLONE_CLEAR_SIGHAND resets caught signals to their default and leaves ignored ones."""
    from creators import other_threads

    from pysys import CloneArgs, CloneFlags, clone3

    need_clone3()
    signal.signal(signal.SIGUSR1, lambda *_: None)
    signal.signal(signal.SIGUSR2, signal.SIG_IGN)

    def masks() -> tuple[int, int]:
        lines = dict(
            line.split(":\t") for line in Path("/proc/self/status").read_text().splitlines() if "Sig" in line
        )
        return int(lines["SigCgt"], 16), int(lines["SigIgn"], 16)

    def check() -> int:
        caught, ignored = masks()
        return 0 if caught & 0x7FFFFFFF == 0 and ignored >> (signal.SIGUSR2 - 1) & 1 else 1

    assert masks()[0] >> (signal.SIGUSR1 - 1) & 1
    with other_threads(threads):
        assert status_of(clone3(CloneArgs(CloneFlags.CLONE_CLEAR_SIGHAND), fn=check)) == 0


@pytest.mark.parametrize("name", ["clone", "clone3"])
@alone_and_with_threads
def test_K7_child_cleartid_stores_nothing(name: str, threads: int) -> None:
    """With CLONE_CHILD_CLEARTID the child's id is not stored in child_tid, unless that is asked for, too."""
    from creators import other_threads

    from pysys import CloneArgs, CloneFlags, clone, clone3

    place = array.array("i", [12345])
    clear, store = CloneFlags.CLONE_CHILD_CLEARTID, CloneFlags.CLONE_CHILD_SETTID
    with other_threads(threads):
        for flags, stored in ((clear, False), (clear | store, True), (0, True)):
            fn = (lambda: place[0] != os.getpid()) if stored else (lambda: place[0] != 12345)
            if name == "clone":
                pid = clone(flags, child_tid=place, fn=fn)
            else:
                pid = clone3(CloneArgs(flags, child_tid=place), fn=fn)
            assert status_of(pid) == 0, flags


@pytest.mark.widths
@alone_and_with_threads
@pytest.mark.parametrize("answer", [0, errno.ENOSYS, errno.EPERM, errno.EAGAIN])
def test_K1_both_ways_are_the_same(threads: int, answer: int) -> None:
    """What most calls ask for, C takes, and the rest, here a list, goes the long way: the same child, pidfd,
    errors, events and refusals; with clone3, without it and where it fails."""
    from creators import other_threads

    from pysys import CloneArgs, CloneFlags, clone3, numbers

    class Own(CloneArgs):
        pass

    events: list[object] = []
    sys.addaudithook(lambda event, arguments: events.append((event, arguments)) if "clone" in event else None)

    def outcome(make: Callable[[], CloneArgs], **more: Any) -> object:
        """What the call does, beside its ids and its descriptor."""
        events.clear()
        args = make()
        before = repr(args)
        try:
            pid = clone3(args, **more)
        except Exception as error:
            return (
                type(error),
                str(error),
                getattr(error, "__notes__", None),
                list(events),
                repr(args) == before,
            )
        if pid == 0:
            os._exit(5 if repr(args) == before else 6)
        with_pidfd = args.pidfd is not True and args.pidfd is not False
        if with_pidfd:
            assert select.select([args.pidfd], [], [], 10)[0] == [args.pidfd]
            assert f"Pid:\t{pid}\n" in Path(f"/proc/self/fdinfo/{args.pidfd}").read_text()
            os.close(args.pidfd)
        return status_of(pid), with_pidfd, type(pid), list(events)

    with warnings.catch_warnings(), other_threads(threads):
        warnings.simplefilter("ignore")
        if answer:
            filter_calls([numbers.number("clone3")], answer)
        for make in (
            CloneArgs,
            lambda: CloneArgs(pidfd=True),
            lambda: CloneArgs(CloneFlags.CLONE_VFORK),
            lambda: CloneArgs(int(CloneFlags.CLONE_VFORK), pidfd=True),
            lambda: CloneArgs(int(CloneFlags.CLONE_PIDFD)),
            lambda: CloneArgs(int(CloneFlags.CLONE_NEWUTS)),
            lambda: CloneArgs(int(CloneFlags.CLONE_NEWUSER | CloneFlags.CLONE_FS)),
            lambda: CloneArgs(17),
            lambda: CloneArgs(-1),
            lambda: CloneArgs(1 << 70),
            lambda: CloneArgs("1"),  # type: ignore[arg-type]  # it is refused
            lambda: CloneArgs(exit_signal=0),
            lambda: CloneArgs(stack=False, tls=False, pidfd=True),
            lambda: CloneArgs(set_tid=[]),
            lambda: Own(pidfd=True),
        ):
            with nothing_left():
                short = outcome(make)
                assert short == outcome(make, fn_args=[])


def test_K2_args_after_a_call_that_failed() -> None:
    """After a child with a pidfd the next one gets another, and after a call that failed there is none."""
    from pysys import CloneArgs, clone3, errors, numbers

    args = CloneArgs(pidfd=True)
    with nothing_left():
        for _ in range(2):
            pid = clone3(args)
            if pid == 0:
                os._exit(args.pidfd is not True)
            assert status_of(pid) == 0
            os.close(args.pidfd)
        with_before = args.pidfd
        filter_calls([numbers.number("clone3")], errno.EAGAIN)
        with pytest.raises(errors.EAGAIN) as caught:
            clone3(args)
        assert (caught.value.syscall, with_before is True, args.pidfd) == ("clone3", False, True)


@pytest.mark.parametrize("answer", [errno.ENOSYS, errno.EPERM])
@alone_and_with_threads
def test_K8_falls_back_to_clone(answer: int, threads: int) -> None:
    """Where clone3 is absent or filtered, what clone can say is made through clone: pidfd and ids too."""
    from creators import other_threads

    from pysys import CloneArgs, clone3, numbers

    known = numbers.table()
    place, inner, shared = array.array("i", [0]), array.array("i", [0]), shared_memory()
    with other_threads(threads):
        filter_calls([known["clone3"]], answer)
        with nothing_left():
            in_child(lambda: clone3(CloneArgs()), lambda: None)
            args = CloneArgs(pidfd=True)
            pid = clone3(args, fn=lambda: 6)
            assert select.select([args.pidfd], [], [], 10)[0] == [args.pidfd]
            assert status_of(pid) == 6
            os.close(args.pidfd)
            args = CloneArgs(parent_tid=place, child_tid=inner)

            def store() -> None:
                shared[:4] = inner[0].to_bytes(4, "little")

            pid = clone3(args, fn=store)
            assert status_of(pid) == 0
            assert place[0] == pid == int.from_bytes(shared[:4], "little")
        if not threads:
            pid = clone3(CloneArgs(exit_signal=0), fn=lambda: 3)
            assert status_of(pid) == 3


@pytest.mark.parametrize("answer", [errno.ENOSYS, errno.EPERM])
def test_K8_names_the_field_that_needs_clone3(answer: int) -> None:
    """Where clone cannot express the request, the filter's answer is raised and its notes name the field."""
    from pysys import CloneArgs, CloneFlags, clone3, errors, numbers

    place = array.array("i", [0])
    filter_calls([numbers.number("clone3")], answer)
    for args, field in (
        (CloneArgs(set_tid=[4000]), "set_tid"),
        (CloneArgs(cgroup=0), "cgroup"),
        (CloneArgs(CloneFlags.CLONE_CLEAR_SIGHAND), "flags"),
        (CloneArgs(CloneFlags.CLONE_NEWTIME), "flags"),
        (CloneArgs(pidfd=True, parent_tid=place), "pidfd together with parent_tid"),
        (CloneArgs(exit_signal=0x111), "exit_signal"),
        (CloneArgs(stack=4096), "stack"),
        (CloneArgs(stack_size=4096), "stack"),
        (structure(exit_signal=0x111), "exit_signal"),
        (structure(flags=0x11), "flags"),
        (struct.pack("=11Q", 0, 0, 0, 0, signal.SIGCHLD, 0, 0, 0, 0, 1, 0), "set_tid"),
        (struct.pack("=11Q", 0, 0, 0, 0, signal.SIGCHLD, 0, 0, 0, 64, 0, 0), "set_tid"),
        (structure(63), "size"),
        (structure(88) + b"\1", "size"),
        (structure(4095) + b"\1", "size"),
        (None, "args"),
    ):
        before = open_descriptors()
        with nothing_left(), pytest.raises(errors.by_number(answer)) as caught:
            clone3(args, fn=lambda: None)
        assert caught.value.__notes__[0].endswith(f"cannot express: {field}")
        assert open_descriptors() == before


def test_K8_an_eperm_of_the_kernel_is_not_a_filters() -> None:
    """The kernel's own EPERM, for a namespace, is raised as it is: no second try through clone."""
    from pysys import CloneArgs, CloneFlags, clone3, errors

    need_clone3()
    calls: list[str] = []
    os.register_at_fork(before=lambda: calls.append("before"))
    with pytest.raises(errors.EPERM):
        raise errors.error(errno.EPERM, "clone3")
    if os.geteuid() == 0:
        os.setresuid(54321, 54321, 54321)
    with nothing_left(), pytest.raises(errors.EPERM) as caught:
        clone3(CloneArgs(CloneFlags.CLONE_NEWNET), fn=lambda: None)
    assert calls == ["before"]
    assert not any("cannot express" in note for note in getattr(caught.value, "__notes__", []))


@pytest.mark.parametrize("flag", ["CLONE_AUTOREAP", "CLONE_NNP", "CLONE_PIDFD_AUTOKILL"])
@alone_and_with_threads
def test_K9_newer_flags(flag: str, threads: int) -> None:
    """Flags of Linux 7.x do what they name; a kernel that lacks them answers EINVAL, as documented."""
    from creators import other_threads

    from pysys import CloneArgs, CloneFlags, clone3, errors

    need_clone3()
    release = tuple(map(int, os.uname().release.split("-")[0].split(".")[:2]))
    with other_threads(threads):
        args = CloneArgs(CloneFlags[flag], pidfd=True)
        if flag == "CLONE_PIDFD_AUTOKILL":
            args.flags |= CloneFlags.CLONE_AUTOREAP | CloneFlags.CLONE_NNP
        if flag != "CLONE_NNP":
            args.exit_signal = 0
        if threads and args.exit_signal == 0:
            with pytest.raises(errors.RefusedError):
                clone3(args, fn=lambda: None)
            return
        reader, writer = os.pipe()

        def check() -> int:
            os.read(reader, 1)
            return "NoNewPrivs:\t1" not in Path("/proc/self/status").read_text()

        try:
            pid = clone3(args, fn=check)
        except errors.EINVAL as refusal:
            assert release < (7, 2)
            assert refusal.causes
            return
        if flag == "CLONE_PIDFD_AUTOKILL":
            os.close(args.pidfd)
            until(lambda: not os.path.exists(f"/proc/{pid}"))
            return
        os.write(writer, b"x")
        assert select.select([args.pidfd], [], [], 10)[0] == [args.pidfd]
        if flag == "CLONE_AUTOREAP":
            until(lambda: not os.path.exists(f"/proc/{pid}"))
            with pytest.raises(ChildProcessError):
                os.waitpid(pid, WALL)
        else:
            assert status_of(pid) == 0
