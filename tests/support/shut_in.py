"""Processes that shut themselves in, and what they then do with the package: scenes of test_shut_in.py.

Each runs in an interpreter that has loaded nothing but what it starts with (`-I -S`), so that what the
package needs is loaded by the package or not at all. Nothing is imported here that it might need: above all
no ctypes, whose struct would be there then. main() is given the scene, the way in which the process is shut
in, the numbers of the calls that do it, and constants. A line of output is a difference to what is right; the
last is "end".
"""

from __future__ import annotations

import os
import sys
from _functools import partial  # functools itself loads more

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

UNABLE = 77  # the exit status where the kernel, or the rights of the user, do not allow the way
WAYS = ("chroot", "landlock", "filter", "descriptors")
CALLS = (
    *("unshare", "prctl", "prlimit64", "landlock_create_ruleset", "landlock_restrict_self"),
    *("open", "openat", "openat2"),
)
NOWHERE = "/nonexistent/pysys"

# ---- the ways ----

numbers: dict[str, int] = {}
constants: dict[str, int] = {}


def _issue(name: str, *args: Any) -> int:
    """A call that is not made by what is tested: a result, or minus the errno. Arrays stand for addresses."""
    from pysys._native import ffi, lib

    words = [int(ffi.cast("uintptr_t", arg)) if isinstance(arg, ffi.CData) else arg for arg in args]
    return int(lib.pysys_syscall5(numbers[name], *words, *[0] * (5 - len(words))))


def _need(result: int) -> int:
    if result < 0:
        print(f"errno {-result}", flush=True)
        os._exit(UNABLE)
    return result


def chroot() -> None:
    """To an empty directory, in which nothing can be made either."""
    if os.geteuid() != 0:
        _need(_issue("unshare", 0x10000000))  # CLONE_NEWUSER
    os.chroot(str(constants["empty"]))
    os.chdir("/")


def landlock() -> None:
    """No file and no directory may be read any more."""
    from pysys._native import ffi

    rights = ffi.new("unsigned long long[1]", [0x1FFF])  # those of the first version
    ruleset = _need(_issue("landlock_create_ruleset", rights, 8, 0))
    _need(_issue("prctl", 38, 1, 0, 0, 0))  # PR_SET_NO_NEW_PRIVS
    _need(_issue("landlock_restrict_self", ruleset, 0))
    os.close(ruleset)


def filter() -> None:
    """A seccomp filter answers EPERM where a file is to be opened."""
    from pysys._native import ffi

    denied = [numbers[name] for name in ("open", "openat", "openat2") if name in numbers]
    # Load the number; for each denied one jump to the last instruction; allow; answer EPERM.
    program = [(0x20, 0, 0, 0)]
    program += [(0x15, len(denied) - index, 0, one) for index, one in enumerate(denied)]
    program += [(0x06, 0, 0, 0x7FFF0000), (0x06, 0, 0, 0x00050001)]
    order = sys.byteorder
    code = b"".join(
        kind.to_bytes(2, order) + bytes([yes, no]) + value.to_bytes(4, order)
        for kind, yes, no, value in program
    )
    memory = ffi.new("char[]", code)
    header = ffi.new("uintptr_t[2]", [0, int(ffi.cast("uintptr_t", memory))])
    ffi.buffer(header)[0:2] = len(program).to_bytes(2, order)
    _need(_issue("prctl", 38, 1, 0, 0, 0))
    _need(_issue("prctl", 22, 2, header))  # PR_SET_SECCOMP, SECCOMP_MODE_FILTER


def descriptors(most: int = 0) -> None:
    """At most this number of descriptors: without one, none can be opened any more."""
    from pysys._native import ffi

    limits = ffi.new("unsigned long long[2]", [most, constants["hard"]])
    _need(_issue("prlimit64", 0, constants["RLIMIT_NOFILE"], limits, 0))


def shut(way: str) -> None:
    {"chroot": chroot, "landlock": landlock, "filter": filter, "descriptors": descriptors}[way]()


# ---- what is imported by name, and then used ----


def gone(pid: int) -> int:
    """For what returns twice: the child ends, and is waited for."""
    if pid == 0:
        os._exit(7)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def beside(make: Callable[[], object]) -> object:
    """In a process with another thread."""
    from _thread import allocate_lock, start_new_thread
    from time import sleep

    wait, started = allocate_lock(), allocate_lock()
    wait.acquire()
    started.acquire()

    def run() -> None:
        started.release()
        wait.acquire()

    start_new_thread(run, ())
    started.acquire()
    try:
        return make()
    finally:
        wait.release()
        sleep(0)


def a_child() -> int:
    """One that runs until the scene ends, started by os."""
    read, write = constants["read"], constants["write"]
    pid = os.fork()
    if pid == 0:
        os.close(write)
        os.read(read, 1)
        os._exit(3)
    return pid


def told(error: BaseException) -> str:
    """All that can be asked of an exception, none of which may raise."""
    [str(error), repr(error), getattr(error, "__notes__", None), error == error, hash(error)]
    if hasattr(error, "explain"):
        [getattr(error, name) for name in ("causes", "abi")]
        error.explain()
        error.add_note("a note")
    return str(error)


def raised(make: Callable[[], object]) -> BaseException:
    try:
        make()
    except Exception as error:
        told(error)
        return error
    raise AssertionError("nothing was raised")


# A statement, and what is done after it in the process that is shut in by then. An exception is right if it
# is a call's, or one of those named behind.
PUBLIC_NAMES = [
    ("from pysys import fork", "gone(fork()) == 7"),
    ("from pysys import fork", "gone(fork(entry='kernel')) == 7"),
    ("from pysys import fork", "beside(lambda: gone(fork())) == 7"),
    ("from pysys import fork", "beside(lambda: gone(fork(entry='kernel'))) == 7"),
    ("from pysys import vfork", "gone(vfork()) == 7"),
    ("from pysys import vfork", "beside(lambda: gone(vfork())) == 7"),
    ("from pysys import clone", "gone(clone()) == 7"),
    ("from pysys import clone", "gone(clone(fn=lambda: 7)) == 7"),
    ("from pysys import clone", "beside(lambda: gone(clone(fn=lambda: 7))) == 7"),
    ("from pysys import clone", "raised(lambda: clone(0x10000))", "RefusedError"),
    ("from pysys import clone", "raised(lambda: beside(lambda: clone(0x400)))", "RefusedError"),
    ("from pysys import clone", "raised(lambda: clone(0x10000000 | 0x200))"),
    ("from pysys import clone3, CloneArgs", "gone(clone3(CloneArgs(), fn=lambda: 7)) == 7"),
    ("from pysys import clone3, CloneArgs", "gone(clone3(CloneArgs(pidfd=True), fn=lambda: 7)) == 7"),
    ("from pysys import clone3, CloneArgs", "beside(lambda: gone(clone3(CloneArgs(), fn=lambda: 7))) == 7"),
    ("from pysys import clone3, CloneArgs", "raised(lambda: clone3(CloneArgs(set_tid=[1 << 30])))"),
    ("from pysys import clone3, CloneArgs", "raised(lambda: clone3(b'short'))"),
    ("from pysys import spawn", "raised(lambda: spawn(['/x'])).step"),
    ("from pysys import exec_in_place", "raised(lambda: exec_in_place(['/x'])).step"),
    ("from pysys import exec_in_place", "raised(lambda: exec_in_place(['x'], umask=0, cwd='/y')).step"),
    ("from pysys import exec_in_place", "raised(lambda: exec_in_place(['/x'], pidfd=1))", "RefusedError"),
    ("from pysys import spawn", "raised(lambda: spawn(['x'])).step"),
    ("from pysys import spawn", "raised(lambda: spawn(['x'], env={'PATH': '/'})).step"),
    ("from pysys import spawn", "raised(lambda: spawn(['/x'], rlimits={'nofile': 9, 'RLIMIT_CPU': (1, 2)}))"),
    ("from pysys import spawn", "raised(lambda: spawn(['/x'], rlimits={'nosuch': 9}))", "ValueError"),
    ("from pysys import spawn", "raised(lambda: spawn(['/x'], signals_default=[2], signal_mask=[1]))"),
    ("from pysys import spawn", "raised(lambda: spawn(['/x'], signals_ignored=[10], pdeathsig=9))"),
    ("from pysys import spawn", "raised(lambda: spawn(['/x'], ambient_caps=['NET_RAW'], affinity=[0]))"),
    ("from pysys import spawn", "raised(lambda: spawn(['/x'], capabilities=['kill'], hostname='x')).step"),
    ("from pysys import spawn", "raised(lambda: spawn(['/x'], landlock={'paths': {'/': 'read'}})).step"),
    ("from pysys import spawn", "raised(lambda: spawn(['/x'], landlock={'scope': 'x'}))", "ValueError"),
    ("from pysys import spawn", "raised(lambda: spawn(['/x'], seccomp=b'12345678', keyring=True)).step"),
    ("from pysys import spawn", "raised(lambda: spawn(['/x'], root='/x', mounts=[], umask=7)).step"),
    ("from pysys import spawn", "raised(lambda: spawn(['/x'], seccomp=[(6, 0, 0, 0)], oom_score_adj=9))"),
    ("from pysys import spawn", "raised(lambda: spawn(['/x'], user='no-such-user'))", "KeyError"),
    ("from pysys import spawn", "raised(lambda: spawn(['/x'], group='no-such-group'))", "KeyError"),
    ("from pysys import spawn", "raised(lambda: spawn(['/x'], cwd='/y', chroot='/z')).step"),
    ("from pysys import spawn", "raised(lambda: spawn(['/x'], cgroup='/y'))"),
    ("from pysys import spawn", "beside(lambda: raised(lambda: spawn(['/x'])))"),
    ("from pysys import Child", "Child(a_child(), None).poll() is None"),
    ("from pysys import Child", "raised(lambda: Child(a_child(), None).wait(0.01))", "TimeoutError"),
    ("from pysys import Child", "(c := Child(a_child(), None), c.kill(), c.wait(), c.wait(1), c.rusage)"),
    ("from pysys import Child", "(c := Child(a_child(), None), c.terminate(), c.wait(30), c.rusage)"),
    ("from pysys import Child", "raised(Child(1 << 30, None).wait)"),
    ("from pysys import Popen", "raised(lambda: Popen(['/x']))"),
    ("from pysys import Popen", "raised(lambda: Popen(['x'], rlimits={'core': 0}, pidfd=True))"),
    ("from pysys import syscall", "syscall('getppid') > 0"),
    ("from pysys import syscall", "raised(lambda: syscall('kill', 1 << 30, 0))"),
    (
        "from pysys import syscall",
        "raised(lambda: syscall('openat', -100, NOWHERE, 0, 0)).filename == NOWHERE",
    ),
    ("from pysys import syscall", "raised(lambda: syscall('read', -1, bytearray(4), 4))"),
    ("from pysys import syscall", "raised(lambda: syscall('read', -1, b'data', 4))", "TypeError"),
    ("from pysys import syscall", "raised(lambda: syscall('preadv', -1, bytearray(16), 1, 0, 0))"),
    ("from pysys import syscall", "raised(lambda: syscall('pread64', -1, bytearray(4), 4, 1 << 40))"),
    ("from pysys import syscall", "syscall('uname', bytearray(390)) == 0"),
    ("from pysys import syscall", "syscall(numbers['openat'], -100, NOWHERE, 0, 0)"),
    ("from pysys import syscall", "raised(lambda: syscall(0x1FFF))", "ValueError"),
    ("from pysys import syscall", "raised(lambda: syscall('nosuchcall'))", "UnknownCallError"),
    ("from pysys import syscall", "raised(lambda: syscall('osf_getsysinfo'))"),
    ("from pysys import syscall", "raised(lambda: syscall('fork'))", "RefusedError"),
    ("from pysys import syscall", "raised(lambda: syscall(3.5))", "TypeError"),
    ("from pysys import resolve", "resolve('fork').call"),
    ("from pysys import resolve", "resolve('getrlimit').call"),
    ("from pysys import resolve", "resolve('openat2').call"),
    ("from pysys import resolve", "resolve('spawn').call"),
    ("from pysys import resolve", "raised(lambda: resolve('nosuch'))", "UnknownCallError"),
    (
        "from pysys import CloneFlags",
        "[CloneFlags.CLONE_NEWNS.__doc__, *CloneFlags, repr(CloneFlags(0x20000))]",
    ),
    ("from pysys import errors", "told(errors.error(2, 'openat', filename='f'))"),
    ("from pysys import errors", "[told(kind(syscall='read')) for kind in errors.CLASSES.values()]"),
    ("from pysys import errors", "[str(kind.__doc__.expandtabs()) for kind in errors.CLASSES.values()]"),
    ("from pysys.errors import ENOENT", "told(ENOENT(syscall='openat'))"),
    ("from pysys import abi", "raised(lambda: abi.get('vax'))", "LookupError"),
    (
        "from pysys.flags import ClockId",
        "[*ClockId, ClockId(7), repr(ClockId.CLOCK_TAI), ClockId.CLOCK_TAI.__doc__]",
    ),
    (
        "from pysys.flags import O_CLOEXEC, OpenFlags",
        "[repr(O_CLOEXEC | OpenFlags.O_DIRECT), repr(OpenFlags(3))]",
    ),
    ("from pysys.structures import timespec", "bytes(timespec(tv_sec=1, tv_nsec=5).copy())"),
    ("from pysys.structures import timespec", "raised(lambda: timespec(tv_sce=1))", "TypeError"),
    ("from pysys.structures import siginfo", "repr(siginfo(si_signo=17, si_code=1))"),
    ("from pysys.structures import sigset", "sigset.of([9]).signals() == {9}"),
    ("from pysys.structures import msghdr", "msghdr.over([bytearray(4)], control=bytearray(16)).copy()"),
    ("from pysys.structures import iovec, describe", "[iovec.over([bytearray(4)]), describe('statx')]"),
    ("from pysys.structures.addresses import pack", "[pack(2, ('127.0.0.1', 80)), pack(1, '/x')]"),
    ("from pysys.structures.addresses import pack, unpack", "unpack(bytes(pack(10, ('::1', 80))[0]))"),
    (
        "from pysys.structures import iocb; from pysys.calls import io_submit",
        "raised(lambda: io_submit(0, [iocb(aio_buf=bytearray(4), aio_nbytes=4)]))",
    ),
    (
        "from pysys.structures.control import build, parse, ControlMessage",
        "parse(build([ControlMessage(1, 1, b'x')]))",
    ),
    (
        "from pysys.structures.readers import dirents64, dirents, fanotify_events",
        "[dirents64(b''), dirents(b'')]",
    ),
]

# Every call that is written by hand.
CALLS_BY_HAND = """
accept(-1)
accept4(-1)
add_key("pysys", "none", b"", -2)
adjtimex()
arch_prctl(-1)
bind(-1, ("", 0))
bpf(22, map_fd=4096)
cachestat(-1)
capget()
capset(capget())
clock_adjtime(0)
clock_getres(1)
clock_gettime(1)
clock_nanosleep(1, 0, 0)
clock_settime(99, 0)
close_range(5, 4, 0)
connect(-1, b"")
copy_file_range(-1, 0, -1, None, 1)
dirents(-1)
epoll_create1(1)
epoll_ctl(-1, 1, 0, 1)
epoll_pwait(-1, 1, 0, [2])
epoll_pwait2(-1, 1, 0.0, [2])
epoll_wait(-1, 1, 0)
eventfd2(0, 1 << 30)
fanotify_init(1 << 30)
fanotify_mark(-1, 1, 1, -1, "/")
fanotify_read(-1)
fanotify_respond(-1, 0, 1)
fcntl(-1, 16)
fgetxattr(-1, "user.x")
file_getattr(-100, NOWHERE)
flistxattr(-1)
fsconfig(-1, 0, "a")
fscontext_read(-1)
fsetxattr(-1, "user.x", b"")
fsmount(-1)
fsopen("nosuch")
fspick(-1, None)
fstatfs(-1)
futex(bytearray(4), 1, 1)
futex_requeue([(bytearray(4), 0), (bytearray(4), 0)])
futex_wait(bytearray(4), 1, timeout=0.0)
futex_waitv([(bytearray(4), 1)])
futex_wake(bytearray(4))
get_mempolicy()
getcpu()
getcwd()
getdents64(-1)
getgroups()
getitimer(0)
getpeername(socketpair(1, 1)[0])
getrandom(4)
getresgid()
getresuid()
getrusage()
getsockname(socketpair(1, 1)[0])
getsockopt(socketpair(1, 1)[0], 1, 17)
getxattr(NOWHERE, "user.x")
getxattrat(-100, NOWHERE, 0, "user.x")
inotify_init1(1 << 30)
inotify_read(-1)
io_cancel(0, bytearray(64))
io_destroy(0)
io_getevents(0, 0, 1, timeout=0.0)
io_pgetevents(0, 0, 1, timeout=0.0, usig=[2])
io_setup(0)
io_submit(0, [])
io_uring_setup(0)
io_uring_register(-1, 0, [bytearray(8)])
ioctl(-1, 0x541B)
keyctl(99)
keyctl_capabilities()
keyctl_chown(-99, 0)
keyctl_clear(-99)
keyctl_describe(-99)
keyctl_get_keyring_id(-99)
keyctl_get_persistent(-1, -99)
keyctl_get_security(-99)
keyctl_invalidate(-99)
keyctl_join_session_keyring("." * 9000)
keyctl_link(-99, -99)
keyctl_list(-99)
keyctl_move(-99, -99, -99)
keyctl_read(-99)
keyctl_restrict_keyring(-99)
keyctl_revoke(-99)
keyctl_search(-99, "user", "none")
keyctl_set_reqkey_keyring(99)
keyctl_set_timeout(-99, 0)
keyctl_setperm(-99, 0)
keyctl_unlink(-99, -99)
keyctl_update(-99, b"")
landlock_abi()
landlock_add_rule(-1, 1, 1, -1)
landlock_create_ruleset(1 << 60)
landlock_restrict_self(-1)
lgetxattr(NOWHERE, "user.x")
listmount(1)
listns(1 << 31)
listxattr(NOWHERE)
listxattrat(-100, NOWHERE)
llistxattr(NOWHERE)
lsetxattr(NOWHERE, "user.x", b"")
lsm_get_self_attr(9999)
lsm_list_modules()
lsm_set_self_attr(9999, 0, b"")
memfd_create("pysys", 1 << 30)
mount_setattr(-1, None)
move_mount(-1, None, -1, None)
mq_getsetattr(-1)
mq_notify(-1)
mq_open("/pysys-none", 0)
mq_timedreceive(-1, 0)
mq_timedsend(-1, b"x", 0, 0)
mq_unlink("/pysys-none")
msgctl(-1, 2)
msgrcv(-1)
msgsnd(-1, 1, b"x")
name_to_handle_at(-100, NOWHERE)
nanosleep(0)
open_by_handle_at(-1, bytes(8), 0)
open_tree(-1, None)
open_tree_attr(-1, None)
openat2(-1, "x", bytes(24), 24)
perf_event_open(bytearray(128), -1, -1)
pidfd_getfd(-1, 0)
pidfd_info(-1)
pidfd_open(1 << 30)
pidfd_send_signal(-1, 0)
pipe()
pipe2(1 << 30)
prctl(16)
prlimit64(0, 7)
process_vm_readv(1 << 30, [(8, 8)])
process_vm_writev(1 << 30, [b"x"], [(8, 1)])
ptrace(0x4202, -1)
quotactl(0x80000500, NOWHERE)
quotactl_fd(-1, 0x80000500)
readlink(NOWHERE)
readlinkat(-100, NOWHERE)
recvfrom(socketpair(1, 1)[0], 4, 0x40)
recvmsg(socketpair(1, 2)[0], 4, 64, 0x40)
removexattrat(-100, NOWHERE, 0, "user.x")
request_key("pysys", "none")
rt_sigpending()
rt_sigprocmask()
rt_sigqueueinfo(1 << 30, 0, 1)
rt_sigtimedwait([10], 0)
rt_tgsigqueueinfo(1 << 30, 1 << 30, 0, 1)
sched_getaffinity()
sched_getattr()
sched_rr_get_interval()
sched_setaffinity(1 << 30, [0])
sched_setattr(1 << 30, sched_getattr())
seccomp(3)
seccomp_get_action_avail(0x7FFF0000)
seccomp_get_notif_sizes()
seccomp_set_mode_filter([], 1 << 30)
semctl(-1, 0, 2)
semop(-1, [(0, 0, 0)])
semtimedop(-1, [(0, 0, 0)], 0)
sendfile(-1, -1, 0, 1)
sendfile64(-1, -1, 0, 1)
sendmsg(-1, [b"x"], [], 0, "x")
sendmsg(socketpair(1, 1)[0], [b"x"])
sendto(-1, b"x", addr="x")
setgroups([1] * 70000)
setitimer(99, 0)
setsockopt(-1, 1, 2, 1)
setxattr(NOWHERE, "user.x", b"")
setxattrat(-100, NOWHERE, 0, "user.x", b"")
shmctl(-1, 2)
signalfd(-1, [10])
signalfd4(-1, [10], 1 << 30)
signalfd_read(-1)
socketpair(9999, 1)
splice(-1, 0, -1, None, 1)
statfs(NOWHERE)
statmount(1)
statx(-100, "/")
sysinfo()
timer_create(99)
timer_gettime(99999)
timer_settime(99999, 0, 0)
timerfd_create(99)
timerfd_gettime(-1)
timerfd_read(-1)
timerfd_settime(-1, 0, 0)
times()
uname()
wait4(-1, 1)
waitid(0, 0, 5)
""".strip().splitlines()
# One more line where another call makes what is asked about; and what is as the kernel defines it.
CALLS_BY_HAND += [
    "file_setattr(-100, NOWHERE, file_getattr(-100, '/'))",
    "dup2(-1, -1)",
    "open(NOWHERE, 0, 0)",
    "poll(None, 0, 0)",
    "stat(NOWHERE, bytearray(256))",
    "getpid()",
    "mount('a', NOWHERE, 'tmpfs', 0, None)",
    "mount('a', NOWHERE, 'tmpfs')",
    "sethostname('a' * 65)",
    "setdomainname(b'a' * 65)",
    "execveat(-1, NOWHERE, ['a'], ['b=c'], 0)",
    "renameat2(-1, 'a', -1, 'b', 0)",
    "preadv2(-1, [], 0, 0, 0)",
    "osf_getsysinfo(0, bytearray(8), 0, None, 0)",
    "fork()",
]


def by_hand() -> list[tuple[str, ...]]:
    """As PUBLIC_NAMES: every one of these with the import of the names that it calls."""
    found: list[tuple[str, ...]] = []
    for line in CALLS_BY_HAND:
        code = compile(line, "call", "eval")
        names = [name for name in code.co_names if name not in ("NOWHERE", "bytearray", "bytes")]
        found.append(
            (f"from pysys.calls import {', '.join(names)}", f"list({line})" if "dirents" in line else line)
        )
        if line == "fork()":
            found[-1] += ("RefusedError",)
    return found


def is_right(error: BaseException, also: tuple[str, ...]) -> bool:
    """Whether it is a call's own, or one that was expected."""
    if type(error).__name__ in also:
        return True
    return type(error).__module__ == "pysys.errors" and hasattr(error, "errno") and hasattr(error, "syscall")


def attempt(expression: str, space: dict[str, Any], also: tuple[str, ...]) -> str:
    """What is wrong with what comes of it, "" if nothing is."""
    try:
        result = eval(expression, space)
    except BaseException as error:
        told(error)
        return "" if is_right(error, also) else f"{type(error).__module__}.{type(error).__name__}: {error}"
    if isinstance(result, BaseException) and not is_right(result, also):
        return f"{type(result).__module__}.{type(result).__name__}: {result}"
    return "" if result is not False else "False"


def apart(work: Callable[[], None]) -> int:
    """In a child of its own; its exit status."""
    sys.stdout.flush()  # or each child would say it again
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            work()
            status = 0
        except BaseException as error:
            trace = error.__traceback__
            lines = []
            while trace is not None:
                lines.append(trace.tb_lineno)
                trace = trace.tb_next
            print(f"{type(error).__name__}: {error} (lines {lines})")
        finally:
            sys.stdout.flush()
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _one(before: Callable[[], None], statement: str, expression: str, *also: str) -> None:
    space: dict[str, Any] = dict(globals())
    exec(statement, space)
    before()
    if wrong := attempt(expression, space, also):
        print(f"{statement}; {expression}: {wrong}")


def _each(before: Callable[[], None]) -> None:
    """Every name is imported, and used after what is to be done between, in a process of its own."""
    for case in (*PUBLIC_NAMES, *by_hand()):
        status = apart(partial(_one, before, *case))
        if status == UNABLE:
            os._exit(UNABLE)
        if status:
            print(f"{case[0]}; {case[1]}: ended with {status}")


def named(way: str) -> None:
    """Each name is imported by a process that then shuts itself in, and uses it."""
    _each(partial(shut, way))


# ---- every call that has safe arguments ----


def _rendered(value: Any) -> str:
    """An argument as source."""
    if isinstance(value, (tuple, list)):
        return f"[{', '.join(map(_rendered, value))}]"
    if isinstance(value, (bytes, bytearray)):
        kind = type(value).__name__
        return f"{kind}({bytes(value)!r})" if any(value) else f"{kind}({len(value)})"
    if value is None or isinstance(value, (int, str)):
        return repr(value)
    assert not value, value
    return "ffi.NULL"


def _safe_calls() -> list[tuple[str, str, bool]]:
    """Names, arguments, whether pysys.calls takes them too: from another process, for this loads much."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        import safe_calls

        from pysys.calls import _HANDWRITTEN
        from pysys.numbers import table
        from pysys.policy.fate import fate

        found = []
        for name in sorted(table().keys() - safe_calls.IN_CHILD - {"breakpoint"}):
            args, _ = safe_calls.safe(name)
            same = name not in _HANDWRITTEN and fate(name).replacement is None
            found.append((name, ", ".join(map(_rendered, args)), same))
        with open(write, "w") as file:
            file.write(repr(found))
        os._exit(0)
    os.close(write)
    with open(read) as file:
        text = file.read()
    os.waitpid(pid, 0)
    calls: list[tuple[str, str, bool]] = eval(text)
    return calls


def direct(way: str) -> None:
    """Every call of this ABI is imported by name, from both modules, and then made."""
    calls = _safe_calls()
    space: dict[str, Any] = {}
    for name, _, _ in calls:
        python = "break_" if name == "break" else name
        exec(f"from pysys.calls.direct import {python} as direct_{name}", space)
        exec(f"from pysys.calls import {python} as usual_{name}", space)
    exec("from pysys._native import ffi", space)
    shut(way)
    for name, args, same in calls:
        for module in ("direct", "usual") if same else ("direct",):
            if wrong := attempt(f"{module}_{name}({args})", space, ("RefusedError",)):
                print(f"{module}.{name}({args:.60}): {wrong}")


# ---- what was not imported by name ----

PACKAGES = "calls flags structures metadata numbers abi errors signatures parameters".split()
# Each needs a file, and is asked for twice; and when files are there again, once more.
LATER = """
pysys.fork
pysys.clone3
pysys.spawn
pysys.Popen
pysys.Child
pysys.syscall
pysys.resolve
pysys.CloneFlags
pysys.preload
pysys.calls.close_range
pysys.calls.statx
pysys.calls.openat2
pysys.calls.keyctl_read
pysys.calls.epoll_wait
pysys.flags.O_CLOEXEC
pysys.flags.ClockId
pysys.structures.timespec
pysys.structures.siginfo
pysys.structures.names
pysys.structures.readers
pysys.structures.addresses
pysys.metadata.page
pysys.metadata.causes
pysys.numbers.table()
pysys.numbers.number('fork', 'alpha')
pysys.numbers.number('fork', 'vfork' and 'mips_o32')
pysys.signatures.signature('openat')
pysys.parameters.parameters('openat')
dir(pysys.flags)
dir(pysys.calls)
dir(pysys.structures)
""".strip().splitlines()


def _is_told(expression: str, space: dict[str, Any]) -> str:
    """What is wrong with how it is said that something cannot be loaded, "" if nothing is."""
    try:
        eval(expression, space)
    except ImportError as error:
        if type(error).__name__ != "NotLoadedError" or type(error).__module__ != "pysys.errors":
            return f"{type(error).__module__}.{type(error).__name__}: {error}"
        if "pysys.preload()" not in str(error) or error.__cause__ is None or not error.name:
            return f"says only {error}"
        if (
            expression.startswith("pysys.")
            and "(" not in expression
            and error.name.split(".")[-1] != expression.split(".")[-1]
        ):
            return f"speaks of {error.name}"
        return ""
    except BaseException as error:
        return f"{type(error).__module__}.{type(error).__name__}: {error}"
    return "was there"


def later(way: str) -> None:
    """What is first asked for where it cannot be loaded says so, and is there when files are there again."""
    space: dict[str, Any] = dict(globals())
    exec(f"import pysys, {', '.join(f'pysys.{package}' for package in PACKAGES)}", space)
    exec("from pysys._native import lib", space)
    outside = os.open("/", os.O_RDONLY)
    shut(way)
    for expression in (*LATER, *LATER):
        if wrong := _is_told(expression, space):
            print(f"{expression}: {wrong}")
    error = space["pysys"].errors.error(2, "openat")
    if error.causes or "preload" not in error.explain() or "preload" not in error.__notes__[0]:
        print(f"causes: {error.causes}, {error.__notes__}")
    if way == "chroot":
        os.fchdir(outside)
        os.chroot(".")
    elif way == "descriptors":
        descriptors(constants["hard"])
    else:
        return
    space["pysys"].preload()
    for expression in LATER:
        eval(expression, space)
    if not space["pysys"].errors.error(11, "fork").causes:
        print("no causes")


def unlisted(way: str) -> None:
    """Directories that may not be listed for a while, as for another effective user, are not held for empty
    when they may be listed again."""
    import posix

    space: dict[str, Any] = {}
    exec("import pysys, pysys.calls, pysys.numbers", space)
    space["pysys"].loading._BEFORE = NOWHERE  # without the interpreter's cache, directories are listed
    sys.path_importer_cache.clear()  # no directory has been listed yet
    listdir = posix.listdir

    def denied(path: object) -> list[str]:
        raise PermissionError(13, "Permission denied", path)

    vars(posix)["listdir"] = denied  # what the import system calls
    for expression in ("pysys.calls.statx", "pysys.numbers.table('alpha')", "pysys.resolve"):
        if wrong := _is_told(expression, space):
            print(f"{expression}: {wrong}")
    vars(posix)["listdir"] = listdir
    for expression in ("pysys.calls.statx", "pysys.numbers.table('alpha')", "pysys.resolve"):
        eval(expression, space)


def no_place(way: str) -> None:
    """A place of the path that was not a directory for a while is looked at again."""
    space: dict[str, Any] = {}
    exec("import pysys", space)
    space["pysys"].loading._BEFORE = NOWHERE
    root = space["pysys"].__path__[0]
    sys.path_importer_cache[root] = None  # as the import system has it then
    if wrong := _is_told("pysys.resolve", space):
        print(wrong)
    eval("pysys.resolve", space)


# ---- after preload() ----


def preloaded(way: str) -> None:
    """Everything is used for the first time by a process that called preload() and then shut itself in."""
    import pysys

    pysys.preload()
    loaded = set(sys.modules)
    import _signal
    import traceback

    import safe_calls

    todo = {
        name: safe_calls.safe(name)
        for name in sorted(pysys.numbers.table().keys() - {"breakpoint", "exit_group"})
    }
    for name in set(sys.modules) - loaded:  # nothing may find by chance what a test has loaded
        del sys.modules[name]
    shut(way)

    also = {"descriptors": {"EMFILE"}, "landlock": {"EACCES"}}.get(way, set())

    def outcome(package: Any, name: str, args: tuple[object, ...]) -> str:
        try:
            getattr(package, "break_" if name == "break" else name)(*args)
        except Exception as error:
            told(error)
            return type(error).__name__ if type(error).__module__ == "pysys.errors" else repr(error)
        return "OK"

    for name, (args, expected) in todo.items():

        def in_child() -> None:
            _signal.alarm(60)
            if name in safe_calls.WAITING:
                _signal.signal(_signal.SIGVTALRM, lambda *_: None)
                _signal.signal(_signal.SIGALRM, lambda *_: None)
                _signal.setitimer(_signal.ITIMER_REAL, 0.02, 0.02)
            found = outcome(pysys.calls.direct, name, args)
            if found not in expected | also:
                print(f"{name}: {found}, not {expected}")

        if name in safe_calls.IN_CHILD:
            if status := apart(in_child):
                print(f"{name}: ended with {status}")
            continue
        in_child()
        if name not in pysys.calls._HANDWRITTEN and pysys.policy.fate.fate(name).replacement is None:
            found = outcome(pysys.calls, name, args)
            if "NotLoaded" in found or ("(" in found and "RefusedError" not in found):
                print(f"calls.{name}: {found}")
    _signal.alarm(0)

    rest = (partial(one, pysys) for one in (_structures, _flags, _reference))
    for check in (partial(_errors, pysys, traceback), *rest):
        if status := apart(check):
            print(f"{check.func.__name__}: ended with {status}")
    _each(lambda: None)


def _errors(pysys: Any, traceback: Any) -> None:
    for call in sorted(pysys.metadata.load.written()):
        for kind in pysys.errors.CLASSES.values():
            error = kind(syscall=call)
            told(error)
            if error.causes and kind.number is not None:
                text = "".join(traceback.format_exception(error))
                assert error.causes[0].when.split()[0] in text, text
            assert "preload()" not in error.explain()
    assert pysys.errors.error(11, "fork").causes
    error = raised(lambda: pysys.calls.openat(-100, NOWHERE, 0, 0))  # which has a traceback
    assert NOWHERE in "".join(traceback.format_exception(error))
    assert "pids.max" in pysys.errors.EAGAIN.__doc__.expandtabs()


def _structures(pysys: Any) -> None:
    structures = pysys.structures
    for name in sorted(structures.names()):
        kind = getattr(structures, name)
        made = kind()
        [repr(made), kind.from_bytes(bytes(made)) == made, made.__copy__(), repr(kind.array(2)), kind.__doc__]
        [getattr(made, field.name) for field in structures.describe(name)]
    assert "timespec" in str(raised(lambda: structures.timespce))
    assert "tv_sec" in str(raised(lambda: structures.timespec(tv_sce=1)))


def _flags(pysys: Any) -> None:
    for name in dir(pysys.flags):
        value: Any = getattr(pysys.flags, name)
        if hasattr(value, "__members__"):
            for member in value:
                [repr(member), member.__doc__, value(member.value), value[member.name]]
    raised(lambda: pysys.flags.NOSUCH)


def _reference(pysys: Any) -> None:
    for abi in pysys.abi.ABIS:
        for name, number in pysys.numbers.table(abi).items():
            assert name in pysys.numbers.names(number, abi)
            pysys.numbers.entry(name, abi)
        for name in ("fork", "open", "stat64", "getrlimit", "pread64"):
            pysys.signatures.layout(name, abi)
            try:
                pysys.resolve(name, abi=abi)
            except LookupError as error:
                str(error)
    unknown = raised(lambda: pysys.numbers.number("forkk"))
    assert "vfork" in unknown.suggestions  # type: ignore[attr-defined]  # every error of pysys has them
    assert "aarch64" in str(raised(lambda: pysys.abi.get("aarch46")))
    assert "fork" in str(raised(lambda: pysys.metadata.page("forkk")))
    for index, name in enumerate(pysys.metadata.pages):
        if index % 8 == 0 or name in pysys.metadata.load.written():
            assert pysys.metadata.page(name).as_dict()["name"] == name
    assert pysys.metadata.page("fork").trace
    for call in dir(pysys.calls)[::8]:
        if doc := getattr(getattr(pysys.calls, call, None), "__doc__", None):
            doc.expandtabs()
    assert "PITFALLS" in pysys.fork.__doc__.expandtabs()
    assert pysys.metadata.search("cgroup pids.max") and pysys.metadata.since("6.0")


SCENES: dict[str, Callable[[str], None]] = {
    "named": named,
    "direct": direct,
    "later": later,
    "unlisted": unlisted,
    "no_place": no_place,
    "preloaded": preloaded,
}


def main() -> None:
    global numbers, constants
    _, scene, way, text, values = sys.argv
    numbers, constants = eval(text), eval(values)
    constants["read"], constants["write"] = os.pipe()
    SCENES[scene](way)
    print("end")


if __name__ == "__main__":
    main()
