"""fork: requirements F; and C1, what the other calls whose child returns to Python share with it."""

from __future__ import annotations

import ctypes
import errno
import mmap
import os
import platform
import random
import resource
import secrets
import signal
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import leftovers
import pytest
from c_library import MUSL
from isolated import (
    children,
    filter_calls,
    in_child,
    need_root,
    nothing_left,
    open_descriptors,
    shared_memory,
    status_of,
)
from paths import SUPPORT

ROUNDS = int(os.environ.get("PYSYS_ROUNDS", "100"))

pytestmark = pytest.mark.isolated

every_way = pytest.mark.parametrize("way", ["fork", "fork-kernel", "vfork", "clone", "clone3"])
alone_and_with_threads = pytest.mark.parametrize("threads", [0, 2])


@every_way
@alone_and_with_threads
def test_F1_C1_ids_and_status(way: str, threads: int) -> None:
    """The parent gets exactly the child's process id; wait reports that id and the exit status."""
    from creators import WAYS, other_threads

    with other_threads(threads), nothing_left():
        shared = shared_memory()
        pid = WAYS[way]()
        if pid == 0:
            shared[:8] = os.getpid().to_bytes(8, "little")
            os._exit(37)
        found, status = os.waitpid(pid, 0)
        assert found == pid == int.from_bytes(shared[:8], "little")
        assert os.waitstatus_to_exitcode(status) == 37


@every_way
@alone_and_with_threads
def test_F2_C1_parent_of_the_child(way: str, threads: int) -> None:
    """0 in the child, positive in the parent; getppid() in the child is the parent."""
    from creators import WAYS, other_threads

    parent = os.getpid()

    def check() -> None:
        assert os.getppid() == parent
        assert os.getpid() != parent

    with other_threads(threads), nothing_left():
        in_child(WAYS[way], check)


@every_way
def test_F3_C1_environment(way: str) -> None:
    """The environment is copied, and what is changed later stays private."""
    from creators import WAYS

    os.environ["PYSYS_TEST"] = "before"

    def check() -> None:
        assert os.environ["PYSYS_TEST"] == "before"
        os.environ["PYSYS_TEST"] = "child"

    in_child(WAYS[way], check)
    assert os.environ["PYSYS_TEST"] == "before"


@every_way
@alone_and_with_threads
def test_F4_C1_descriptors(way: str, threads: int) -> None:
    """Descriptors share the file offset; closing one in the child leaves the parent's open."""
    from creators import WAYS, other_threads

    with other_threads(threads):
        file = os.memfd_create("offset")
        os.write(file, b"0123456789")
        os.lseek(file, 0, os.SEEK_SET)

        def check() -> None:
            assert os.read(file, 4) == b"0123"
            os.close(file)

        in_child(WAYS[way], check)
        assert os.read(file, 3) == b"456"
        os.close(file)


@every_way
@alone_and_with_threads
def test_F5_C1_memory(way: str, threads: int) -> None:
    """Private memory is copied on write, MAP_SHARED memory is seen by both."""
    from creators import WAYS, other_threads

    private = mmap.mmap(-1, 4096, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    shared = shared_memory()

    def check() -> None:
        private[0] = shared[0] = 5

    with other_threads(threads):
        in_child(WAYS[way], check)
    assert (private[0], shared[0]) == (0, 5)


@every_way
@alone_and_with_threads
def test_F6_C1_what_is_inherited(way: str, threads: int) -> None:
    """Alarms and pending signals are not inherited; signal mask and CPU affinity are."""
    from creators import WAYS, other_threads

    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])
    with other_threads(threads):
        os.kill(os.getpid(), signal.SIGUSR1)  # stays pending: every thread blocks it
        signal.setitimer(signal.ITIMER_REAL, 1000)
        cpus = os.sched_getaffinity(0)
        os.sched_setaffinity(0, {min(cpus)})

        def check() -> None:
            assert signal.pthread_sigmask(signal.SIG_BLOCK, []) == {signal.SIGUSR1}
            assert signal.sigpending() == set()
            assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)
            assert os.sched_getaffinity(0) == {min(cpus)}

        in_child(WAYS[way], check)
        assert signal.sigpending() == {signal.SIGUSR1}
        assert signal.getitimer(signal.ITIMER_REAL)[0] > 900


class _SignalStack(ctypes.Structure):
    _fields_ = (
        (("sp", ctypes.c_void_p), ("size", ctypes.c_size_t), ("flags", ctypes.c_int))
        if platform.machine().startswith("mips")
        else (("sp", ctypes.c_void_p), ("flags", ctypes.c_int), ("size", ctypes.c_size_t))
    )


@every_way
@alone_and_with_threads
def test_F6_C1_alternate_stack(way: str, threads: int) -> None:
    """The alternate signal stack is the same in the child."""
    from creators import WAYS, other_threads

    libc = ctypes.CDLL(None)
    memory = mmap.mmap(-1, 1 << 16)
    address = ctypes.addressof(ctypes.c_char.from_buffer(memory))

    def seen() -> tuple[int, int]:
        stack = _SignalStack()
        assert libc.sigaltstack(None, ctypes.byref(stack)) == 0
        return stack.sp, stack.size

    def check() -> None:
        assert seen() == (address, 1 << 16)

    with other_threads(threads):
        mine = _SignalStack(sp=address, size=1 << 16)
        assert libc.sigaltstack(ctypes.byref(mine), None) == 0
        in_child(WAYS[way], check)


@every_way
@alone_and_with_threads
def test_F7_C1_ids_are_not_reused_at_once(way: str, threads: int) -> None:
    """The child's id is not the one that was reaped just before, many times in a row."""
    from creators import WAYS, other_threads

    with other_threads(threads):
        before = 0
        for _ in range(ROUNDS):
            pid = WAYS[way]()
            if pid == 0:
                os._exit(0)
            assert status_of(pid) == 0
            assert pid != before
            before = pid


@every_way
def test_F8_C1_from_another_thread(way: str) -> None:
    """Called from a thread that is not the main one, the child has that one and can start new ones."""
    from creators import WAYS, other_threads

    def check() -> None:
        assert len(os.listdir("/proc/self/task")) == 1
        assert threading.active_count() == 1
        assert threading.current_thread() is threading.main_thread()
        assert threading.get_native_id() == os.getpid()
        ran: list[int] = []
        thread = threading.Thread(target=ran.append, args=(1,))
        thread.start()
        thread.join()
        assert ran == [1]

    failures: list[BaseException] = []

    def call() -> None:
        try:
            in_child(WAYS[way], check)
        except BaseException as failure:
            failures.append(failure)

    with other_threads(2):
        thread = threading.Thread(target=call)
        thread.start()
        thread.join()
    assert not failures


@pytest.mark.portable
@every_way
@alone_and_with_threads
def test_F9_hooks(way: str, threads: int) -> None:
    """at-fork hooks run as for os.fork: before, last registered first; after, first registered first."""
    from creators import WAYS, other_threads

    calls: list[str] = []
    for name in "12":
        os.register_at_fork(
            before=lambda name=name: calls.append(f"before{name}"),
            after_in_parent=lambda name=name: calls.append(f"parent{name}"),
            after_in_child=lambda name=name: calls.append(f"child{name}"),
        )

    def check() -> None:
        assert calls == ["before2", "before1", "child1", "child2"]

    with other_threads(threads):
        in_child(WAYS[way], check)
    assert calls == ["before2", "before1", "parent1", "parent2"]


@pytest.mark.portable
@pytest.mark.parametrize("call", ["clone", "clone3"])
def test_F9_hooks_of_a_call_that_fails(call: str) -> None:
    """A refused call has run the before hooks and unwinds them with the parent's."""
    from pysys import CloneArgs, CloneFlags, clone, clone3, errors

    calls: list[str] = []
    os.register_at_fork(before=lambda: calls.append("before"), after_in_parent=lambda: calls.append("parent"))
    contradiction = CloneFlags.CLONE_FS | CloneFlags.CLONE_NEWNS
    with nothing_left(), pytest.raises(errors.EINVAL):
        clone(contradiction) if call == "clone" else clone3(CloneArgs(contradiction))
    assert calls == ["before", "parent"]


def test_F10_pthread_atfork() -> None:
    """Handlers that a C library registered with pthread_atfork run around fork."""
    import native

    from pysys import fork

    native.lib.watch_atfork()
    pid = fork()
    if pid == 0:
        os._exit(0 if native.ffi.string(native.lib.seen_atfork()) == b"bc" else 1)
    assert status_of(pid) == 0
    assert native.ffi.string(native.lib.seen_atfork()) == b"bp"


@every_way
@pytest.mark.slow
@pytest.mark.thorough
@pytest.mark.isolated(timeout=300)
def test_F11_C9_among_threads_that_allocate(way: str) -> None:
    """Among C threads that allocate without pause, no child is stuck, and every child can allocate."""
    import native
    from creators import WAYS

    call = WAYS[way]
    with nothing_left():  # around the threads: glibc's malloc() opens files in /proc and /sys for a moment
        native.lib.start_allocating(3)
        try:
            for _ in range(ROUNDS):
                pid = call()
                if pid == 0:
                    os._exit(native.lib.allocate_once())
                assert status_of(pid) == 0
        finally:
            native.lib.stop_allocating()


@every_way
@alone_and_with_threads
def test_F12_random_streams(way: str, threads: int) -> None:
    """random, secrets, ssl and arc4random give parent and child different numbers."""
    from creators import WAYS, other_threads

    try:
        import ssl
    except ImportError:  # a Python that was built without OpenSSL
        ssl = None  # type: ignore[assignment]  # it is a module otherwise
    libc = ctypes.CDLL(None)
    arc4random = getattr(libc, "arc4random", None)

    def draw() -> list[bytes]:
        drawn = [random.randbytes(16), secrets.token_bytes(16)]
        if ssl is not None:
            drawn.append(ssl.RAND_bytes(16))
        if arc4random is not None:
            drawn.append(b"".join(arc4random().to_bytes(4, "little", signed=True) for _ in range(4)))
        return drawn

    draw()
    with other_threads(threads):
        reader, writer = os.pipe()
        pid = WAYS[way]()
        if pid == 0:
            os.write(writer, b"".join(draw()))
            os._exit(0)
        mine = draw()
        assert status_of(pid) == 0
        theirs = os.read(reader, 1000)
        os.close(reader)
        os.close(writer)
        assert len(theirs) == 16 * len(mine)
        for index, value in enumerate(mine):
            assert value != theirs[16 * index : 16 * index + 16]


@every_way
@alone_and_with_threads
def test_F13_refused_by_the_process_limit(way: str, threads: int) -> None:
    """RLIMIT_NPROC reached: errors.EAGAIN, a BlockingIOError that knows why; hooks unwound, nothing left."""
    from creators import WAYS, other_threads

    from pysys import errors

    calls: list[str] = []
    os.register_at_fork(before=lambda: calls.append("b"), after_in_parent=lambda: calls.append("p"))
    WAYS[way]  # imported before the user changes, who may not read the package
    with other_threads(threads):
        with pytest.raises(BlockingIOError):
            raise errors.error(errno.EAGAIN, "fork")
        if os.geteuid() == 0:
            os.setresuid(54321, 54321, 54321)
        resource.setrlimit(resource.RLIMIT_NPROC, (1 if threads else 0,) * 2)
        before = open_descriptors()
        with pytest.raises(errors.EAGAIN) as caught:
            pid = WAYS[way]()
            if pid == 0:
                os._exit(0)
        assert caught.value.errno == errno.EAGAIN
        assert isinstance(caught.value, BlockingIOError)
        assert open_descriptors() == before
        assert not children()
        assert calls == ["b", "p"]


def _pids_cgroup() -> Path:
    """A new cgroup that can limit processes."""
    need_root()
    for top in (Path("/sys/fs/cgroup/pids"), Path("/sys/fs/cgroup")):
        path = top / leftovers.name()
        try:
            path.mkdir()
        except OSError:
            continue
        if (path / "pids.max").exists():
            return path
        path.rmdir()
    pytest.skip("no cgroup here that can limit processes")


@every_way
@alone_and_with_threads
def test_F13_refused_by_the_cgroup(way: str, threads: int) -> None:
    """pids.max reached: errors.EAGAIN; nothing left."""
    from creators import WAYS, other_threads

    from pysys import errors

    home = Path("/proc/self/cgroup").read_text()
    group = _pids_cgroup()
    parent = group.parent
    try:
        (group / "cgroup.procs").write_text(str(os.getpid()))
        with other_threads(threads):
            (group / "pids.max").write_text(str(threads + 1))
            with nothing_left(), pytest.raises(errors.EAGAIN):
                pid = WAYS[way]()
                if pid == 0:
                    os._exit(0)
    finally:
        mine = [line.split(":", 2)[2] for line in home.splitlines() if "pids" in line or "::" in line]
        where = mine[0] if mine else "/"
        back = parent / where.strip("/") / "cgroup.procs"
        (back if back.exists() else parent / "cgroup.procs").write_text(str(os.getpid()))
        group.rmdir()


@every_way
@alone_and_with_threads
@pytest.mark.parametrize("answer", [errno.EPERM, errno.ENOSYS])
def test_F13_refused_by_a_filter(way: str, threads: int, answer: int) -> None:
    """A seccomp filter on every call that makes processes: the exception of its answer, nothing left."""
    from creators import WAYS, other_threads

    from pysys import errors, numbers

    WAYS[way]
    with other_threads(threads):
        known = numbers.table()
        filter_calls([known[name] for name in ("fork", "vfork", "clone", "clone3") if name in known], answer)
        with nothing_left(), pytest.raises(OSError) as caught:
            pid = WAYS[way]()
            if pid == 0:
                os._exit(0)
        assert type(caught.value) is errors.by_number(answer)


@every_way
def test_F14_audit_event(way: str) -> None:
    """The audit event comes before any hook; a veto stops the call with nothing changed."""
    from creators import WAYS

    event = {"clone": "pysys.clone", "clone3": "pysys.clone3"}.get(way, "os.fork")
    calls: list[str] = []
    os.register_at_fork(before=lambda: calls.append("before"))
    armed = True

    def hook(name: str, arguments: tuple[object, ...]) -> None:
        if name == event and armed:
            calls.append(name)
            if name != "os.fork":
                assert arguments == (0, signal.SIGCHLD)
            raise PermissionError("vetoed")

    sys.addaudithook(hook)
    with nothing_left(), pytest.raises(PermissionError, match="vetoed"):
        WAYS[way]()
    assert calls == [event]
    armed = False
    in_child(WAYS[way], lambda: None)


@pytest.mark.portable
@every_way
def test_F15_warning_about_threads(way: str) -> None:
    """A caller with threads gets os.fork's DeprecationWarning on Python 3.12 and later, and only there."""
    from creators import WAYS, other_threads

    name = {"fork-kernel": "fork"}.get(way, way)
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        in_child(WAYS[way], lambda: None)
        assert not seen
        with other_threads(1):
            in_child(WAYS[way], lambda: None)
            theirs = list(seen)
            seen.clear()
            in_child(os.fork, lambda: None)
    assert [w.category for w in theirs] == [w.category for w in seen]
    assert bool(theirs) == (sys.version_info >= (3, 12))
    if theirs:
        expected = str(seen[0].message)
        assert str(theirs[0].message) == expected.replace("fork()", f"{name}()")
        direct = way in ("fork", "vfork", "clone")
        assert Path(theirs[0].filename).name == ("isolated.py" if direct else "creators.py")


@pytest.mark.portable
@every_way
def test_F15_warning_made_an_error(way: str) -> None:
    """A filter makes the warning an error: the call returns all the same, or raises it, as this version's
    os.fork; and then, which os.fork does not do, it ends its child."""
    from creators import WAYS, other_threads

    def fails(call: Callable[[], int]) -> bool:
        parent = os.getpid()
        try:
            pid = call()
        except DeprecationWarning:
            if os.getpid() != parent:
                os._exit(1)
            return True
        if pid == 0:
            os._exit(0)
        assert status_of(pid) == 0
        return False

    with warnings.catch_warnings(), other_threads(1):
        warnings.simplefilter("error")
        with nothing_left():
            ours = fails(WAYS[way])
        assert fails(os.fork) == ours == (sys.version_info >= (3, 15))


@pytest.mark.portable
@every_way
def test_F15_a_handler_that_raises_while_it_warns(way: str) -> None:
    """What a signal's handler raises while the warning is shown is not taken for the warning's failure."""
    from creators import WAYS, other_threads

    def show(*_: object, **__: object) -> None:
        signal.raise_signal(signal.SIGUSR1)

    def handler(*_: object) -> None:
        raise TimeoutError

    signal.signal(signal.SIGUSR1, handler)
    with warnings.catch_warnings(), other_threads(1):
        warnings.simplefilter("always")
        warnings.showwarning = show
        raised = False
        with nothing_left():
            try:
                pid = WAYS[way]()
                if pid == 0:
                    os._exit(0)
                assert status_of(pid) == 0
            except TimeoutError:
                raised = True
        assert raised == (sys.version_info >= (3, 12))


@pytest.mark.portable
@every_way
def test_F15_a_hook_that_starts_a_thread(way: str) -> None:
    """Threads that an at-fork hook starts in the parent do not count: the child was made before."""
    from creators import WAYS

    end = threading.Event()
    thread = threading.Thread(target=end.wait)
    os.register_at_fork(after_in_parent=thread.start)
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        in_child(WAYS[way], lambda: None)
    end.set()
    thread.join()
    assert not seen


@pytest.mark.portable
@every_way
def test_F16_subinterpreter(way: str) -> None:
    """In a subinterpreter the call is refused with a clear error, or the extension cannot be imported."""
    try:
        import _interpreters as interpreters
    except ImportError:
        try:
            import _xxsubinterpreters as interpreters
        except ImportError:
            pytest.skip("this Python has no module for subinterpreters")
    reader, writer = os.pipe()
    here = str(SUPPORT)
    code = f"""
import os, sys
sys.path.insert(0, {here!r})
try:
    from creators import WAYS
    WAYS[{way!r}]()
    text = "made a process"
except (RuntimeError, ImportError) as error:
    text = str(error)
os.write({writer}, text.encode())
"""
    run = getattr(interpreters, "exec", None) or interpreters.run_string
    other = interpreters.create()
    run(other, code)
    interpreters.destroy(other)
    said = os.read(reader, 1000).decode()
    assert "subinterpreter" in said
    assert not children()


@pytest.mark.portable
@every_way
@pytest.mark.parametrize("when", ["thread", "atexit", "finalization"])
def test_F16_shutdown(way: str, when: str) -> None:
    """At the interpreter's end the call works or is refused as this version's os.fork works or is refused:
    in a thread after the main one has ended, in atexit, in __del__ during the finalization."""
    here = str(SUPPORT)
    code = f"""
import atexit, os, sys, threading, time
sys.path.insert(0, {here!r})
from creators import WAYS
def outcome(call, os=os):
    try:
        pid = call()
        if pid == 0:
            os._exit(0)
        return str(os.waitpid(pid, 0)[1])
    except RuntimeError as error:
        return f"{{type(error).__name__}}: {{error}}"
def tell(ours=WAYS[{way!r}], theirs=os.fork, write=os.write, outcome=outcome):
    write(1, outcome(theirs).encode() + b"|" + outcome(ours).encode())
def late():
    while threading.main_thread().is_alive():
        time.sleep(0.001)
    tell()
class Late:
    def __del__(self, tell=tell):
        tell()
if {when!r} == "thread":
    threading.Thread(target=late).start()
elif {when!r} == "atexit":
    atexit.register(tell)
else:
    late = Late()  # goes with the main module
"""
    command = [sys.executable, "-W", "ignore", "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30)
    assert (done.returncode, done.stderr) == (0, ""), done
    theirs, _, ours = done.stdout.partition("|")
    name = {"fork-kernel": "fork"}.get(way, way)
    assert ours == theirs.replace("can't fork at", f"can't {name} at"), done
    if when == "finalization" and sys.version_info >= (3, 12):
        assert "at interpreter shutdown" in ours


@every_way
def test_F16_loads_nothing(way: str) -> None:
    """The first call imports nothing: that may not be possible where it is made, and takes time."""
    from creators import WAYS, other_threads

    with other_threads(1), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        before = set(sys.modules)
        in_child(WAYS[way], lambda: None)
        assert set(sys.modules) == before


def test_F17_kernel_entry_falls_back_on_enosys() -> None:
    """fork(entry="kernel") goes through clone where a filter answers ENOSYS to fork."""
    from pysys import errors, fork, numbers

    known = numbers.table()
    if "fork" in known:
        filter_calls([known["fork"]], errno.ENOSYS)
    pid = fork(entry="kernel")
    if pid == 0:
        os._exit(4)
    assert status_of(pid) == 4
    filter_calls([known["clone"]], errno.EPERM)
    with pytest.raises(errors.EPERM):
        fork(entry="kernel")


def test_F17_kernel_entry_keeps_other_answers() -> None:
    """Only ENOSYS means that clone may serve: a filter's EPERM on fork is the caller's to see."""
    from pysys import errors, fork, numbers

    known = numbers.table()
    if "fork" not in known:
        pytest.skip("this ABI has no number for fork")
    filter_calls([known["fork"]], errno.EPERM)
    with nothing_left(), pytest.raises(errors.EPERM):
        fork(entry="kernel")


@every_way
@alone_and_with_threads
def test_F17_thread_id_is_right_in_the_child(way: str, threads: int) -> None:
    """Native id, raise(), a recursive lock and a robust mutex work in the child."""
    import native
    from creators import WAYS, other_threads

    shared = shared_memory()
    place = native.ffi.from_buffer("char[]", shared)
    assert native.lib.robust_init(place) == 0

    def check() -> None:
        assert threading.get_native_id() == os.getpid()
        caught: list[int] = []
        signal.signal(signal.SIGUSR2, lambda number, _: caught.append(number))
        signal.raise_signal(signal.SIGUSR2)
        assert caught == [signal.SIGUSR2]
        lock = threading.RLock()
        with lock, lock:
            pass
        assert native.lib.recursive_twice() == 0
        assert native.lib.robust_lock(place) == 0

    with other_threads(threads):
        in_child(WAYS[way], lambda: in_child(WAYS[way], check))
        assert native.lib.robust_lock(place) == errno.EOWNERDEAD
        assert native.lib.robust_init(place) == 0
        in_child(WAYS[way], check)
    assert native.lib.robust_lock(place) == errno.EOWNERDEAD


@every_way
@alone_and_with_threads
def test_F17_thread_id_without_a_robust_list(way: str, threads: int) -> None:
    """The id that the C library keeps of the thread is the child's where no robust list leads to it, too."""
    from creators import WAYS, other_threads

    from pysys import numbers

    libc = ctypes.CDLL(None, use_errno=True)

    def check() -> None:
        # The clock's number is made of that id, and the kernel knows the clocks of this process's threads.
        clock = time.pthread_getcpuclockid(threading.get_ident())
        assert time.clock_gettime(clock) > 0
        assert clock & 0xFFFFFFFF == (~os.getpid() << 3 | 6) & 0xFFFFFFFF

    with other_threads(threads):
        # As with a C library that registers the list when it is first needed.
        number, size = numbers.number("set_robust_list"), 3 * ctypes.sizeof(ctypes.c_long)
        assert libc.syscall(ctypes.c_long(number), None, ctypes.c_size_t(size)) == 0
        in_child(WAYS[way], lambda: in_child(WAYS[way], check))


@every_way
@alone_and_with_threads
def test_F17_robust_mutexes_stay_the_parents(way: str, threads: int) -> None:
    """The child's list of those that it holds is empty: what it linked to its parent's, it would write into
    memory that they may share."""
    from creators import WAYS, other_threads

    from pysys import numbers

    libc = ctypes.CDLL(None, use_errno=True)
    number = numbers.number("get_robust_list")
    attributes, mutex = ctypes.create_string_buffer(64), ctypes.create_string_buffer(128)

    def held() -> bool:
        head, size = ctypes.c_void_p(), ctypes.c_size_t()
        found = libc.syscall(ctypes.c_long(number), 0, ctypes.byref(head), ctypes.byref(size))
        assert found == 0
        return bool(head.value) and ctypes.c_void_p.from_address(head.value or 0).value != head.value

    def check() -> None:
        assert not held()

    assert libc.pthread_mutexattr_init(attributes) == 0
    assert libc.pthread_mutexattr_setrobust(attributes, 1) == 0
    assert libc.pthread_mutexattr_setpshared(attributes, 1) == 0  # or musl does not tell the kernel
    assert libc.pthread_mutex_init(mutex, attributes) == 0
    with other_threads(threads):
        assert libc.pthread_mutex_lock(mutex) == 0
        assert held()
        in_child(WAYS[way], check)
        assert held()
        assert libc.pthread_mutex_unlock(mutex) == 0


@every_way
@alone_and_with_threads
def test_F17_what_the_kernel_clears_at_the_end(way: str, threads: int) -> None:
    """The address that the kernel clears at the thread's end, for pthread_join, is that of os.fork."""
    from creators import WAYS, other_threads

    libc = ctypes.CDLL(None, use_errno=True)
    pr_get_tid_address = 40

    def address(call: Callable[[], int]) -> bytes:
        reader, writer = os.pipe()

        def tell() -> None:
            place = ctypes.c_uint64(0)
            if libc.prctl(pr_get_tid_address, ctypes.byref(place), 0, 0, 0) != 0:
                os.write(writer, b"unknown")
            os.write(writer, place.value.to_bytes(8, "little"))

        in_child(call, tell)
        said = os.read(reader, 100)
        os.close(reader)
        os.close(writer)
        return said

    with other_threads(threads):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # 3.15 raises it as an error, and the child is lost
            expected = address(os.fork)
        if expected.startswith(b"unknown"):
            pytest.skip("this kernel is built without CONFIG_CHECKPOINT_RESTORE")
        assert address(WAYS[way]) == expected
        assert (expected == bytes(8)) is MUSL  # whose fork asks for none


def test_many_threads_fork_at_once() -> None:
    """Eight threads that fork at the same time each get their own child's status."""
    from creators import WAYS

    failures: list[str] = []

    def work(number: int) -> None:
        for way in WAYS.values():
            for code in (number, number + 8):
                pid = way()
                if pid == 0:
                    os._exit(code)
                if status_of(pid) != code:
                    failures.append(f"{pid} was not {code}")

    with nothing_left():
        threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert not failures


@every_way
@pytest.mark.slow
@pytest.mark.thorough
@alone_and_with_threads
def test_signals_are_neither_lost_nor_doubled(way: str, threads: int) -> None:
    """Signals sent to the parent while it makes children all arrive there, and no child runs its handler."""
    from creators import WAYS, other_threads

    parent = os.getpid()
    seen = 0
    shared = shared_memory()

    def handler(*_: object) -> None:
        nonlocal seen
        seen += 1
        if os.getpid() != parent:
            shared[0] = 1

    signal.signal(signal.SIGUSR1, handler)
    sender = os.fork()
    if sender == 0:
        sent = 0
        end = time.monotonic() + 1
        while time.monotonic() < end or sent <= 10:
            shared_count = int.from_bytes(shared[8:16], "little")
            if shared_count == sent:  # a standard signal does not queue: one at a time
                os.kill(parent, signal.SIGUSR1)
                sent += 1
            shared[16:24] = sent.to_bytes(8, "little")
        os._exit(0)
    with other_threads(threads):
        while not (finished := os.waitpid(sender, os.WNOHANG))[0]:
            pid = WAYS[way]()
            if pid == 0:
                os._exit(0)
            assert status_of(pid) == 0
            shared[8:16] = seen.to_bytes(8, "little")
    assert finished[1] == 0
    assert seen == int.from_bytes(shared[16:24], "little") > 10
    assert shared[0] == 0


def test_wrong_arguments() -> None:
    """A wrong entry, and positional arguments, are refused before anything is made."""
    from pysys import fork, vfork

    with nothing_left():
        with pytest.raises(ValueError, match="entry"):
            fork(entry="libcs")  # type: ignore[arg-type]  # wrong on purpose
        with pytest.raises(TypeError):
            fork("libc")  # type: ignore[call-arg]  # wrong on purpose
        with pytest.raises(TypeError):
            vfork(1)  # type: ignore[call-arg]  # wrong on purpose
